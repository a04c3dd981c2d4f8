//! Calls for channel types.

mod channel_calls;
mod typed_call;
mod typed_history;
mod typed_map;

pub use channel_calls::ChannelCalls;
pub use typed_call::{TypedCall, TypedMethod};
pub use typed_history::{TypedHistory, TypedPages, TypedPublication};
pub use typed_map::{TypedMapEntry, TypedMapState, TypedMapStream};
