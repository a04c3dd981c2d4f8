//! Channel types as extractors.

use crate::channel::ChannelType;
use crate::error::{Error, MalformedMessage};
use crate::event::HasChannel;
use crate::handler::{Extracted, TypedEvent};

/// Reads the channel of an event as a channel type. A channel that does not fit is answered with error 102.
pub fn channel_from_event<K: HasChannel, C: ChannelType>(event: &TypedEvent<K>) -> Extracted<'_, C> {
    Extracted::Now(
        C::from_channel(event.channel())
            .map_err(|error| Error::unknown_channel().with_source(MalformedMessage(error.to_string()))),
    )
}
