//! The traits of channel types.

use std::fmt::Display;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::channel_error::ChannelError;
use super::channel_info::ChannelInfo;

/// A struct that stands for a family of channels.
///
/// The attribute [`channel`](macro@crate::channel) implements it; do not implement it by hand.
///
/// [`Display`] writes the channel. If a field does not fit the pattern, there is no channel, and `Display` writes
/// nothing, so that the value never stands for another channel. The empty channel is refused: by Centrifugo, by
/// [`Client::unsubscribe`](crate::api::Client::unsubscribe) and by [`reply::Connect`](crate::reply::Connect).
/// [`to_channel`](Self::to_channel) says what is wrong.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a channel type",
    label = "not a channel type",
    note = "a channel type is a struct with the attribute `#[centrifugo::channel(\"..\")]`"
)]
pub trait ChannelType: Display + FromStr<Err = ChannelError> {
    /// The pattern of the channels.
    const PATTERN: &'static str = Self::INFO.pattern;

    #[doc(hidden)]
    const INFO: &'static ChannelInfo;

    /// Writes the channel.
    ///
    /// # Errors
    ///
    /// Returns an error if a field does not fit the pattern: if its text is empty, if it has one of `: / . #` in a
    /// `{name}`, or if the channel would be read as other fields.
    fn to_channel(&self) -> Result<String, ChannelError>;

    /// Reads a channel.
    ///
    /// # Errors
    ///
    /// Returns an error if the channel does not match the pattern, or if the text of a field does not parse or is not
    /// the text that the field's value is displayed as.
    fn from_channel(channel: &str) -> Result<Self, ChannelError>;
}

/// A channel type that says what is published to its channels: `publication = T`.
#[diagnostic::on_unimplemented(
    message = "the channel type `{Self}` does not say what is published to it",
    label = "has no `publication`",
    note = "add `publication = T` to its `#[channel(..)]`; without it, only `Api` calls with the channel as a text can publish"
)]
pub trait HasPublication: ChannelType {
    /// The type of the publications.
    type Publication: Serialize + DeserializeOwned + Send + 'static;
}

/// A channel type that says what the keys of its map or shared poll channels hold: `item = T`.
#[diagnostic::on_unimplemented(
    message = "the channel type `{Self}` does not say what its keys hold",
    label = "has no `item`",
    note = "add `item = T` to its `#[channel(..)]`; without it, only `Api` calls with the channel as a text can set keys"
)]
pub trait HasItem: ChannelType {
    /// The type of the items.
    type Item: Serialize + DeserializeOwned + Send + 'static;
}
