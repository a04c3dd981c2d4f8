//! Channel types: structs that stand for a family of channels.

mod channel_error;
mod channel_info;
mod channel_match;
mod channel_text;
mod channel_type;
mod namespace;

pub use channel_error::ChannelError;
#[doc(hidden)]
pub use channel_info::{ChannelDef, ChannelField, ChannelInfo, ChannelOption, OptionValue};
#[doc(hidden)]
pub use channel_match::ChannelMatch;
#[doc(hidden)]
pub use channel_text::write_channel;
pub use channel_type::{ChannelType, HasItem, HasPublication};
pub(crate) use namespace::Namespace;
