//! The calls of one channel of a channel type.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use centrifugo_proto::api::{BroadcastRequest, MapRemoveRequest, PresenceRequest, PresenceStatsRequest};
use centrifugo_proto::api::{
    HistoryRemoveRequest, HistoryRequest, MapClearRequest, MapStatsRequest, SubscribeRequest,
};
use centrifugo_proto::api::{MapPublishRequest, SharedPollPublishRequest};
use centrifugo_proto::api::{MapReadStateRequest, MapReadStreamRequest, PublishRequest, UnsubscribeRequest};

use super::typed_call::TypedCall;
use crate::api::call::{Call, json};
use crate::api::client::Client;
use crate::api::error::Error;
use crate::api::methods::Method;
use crate::api::methods::method::{
    Broadcast, History, HistoryRemove, MapClear, MapPublish, MapReadState, MapReadStream, MapRemove,
    MapStats, Presence, PresenceStats, Publish, SharedPollPublish, Subscribe, Unsubscribe,
};
use crate::channel::{ChannelError, ChannelType, HasItem, HasPublication};

/// The calls of one channel of the channel type `C`; see [`Client::channel`].
///
/// If a field of the channel type does not fit its pattern, each call fails with
/// [`ErrorKind::Invalid`](crate::api::ErrorKind::Invalid) and is not sent.
pub struct ChannelCalls<C> {
    client: Client,
    channel: Result<String, Error>,
    channel_type: PhantomData<fn() -> C>,
}

/// Returns the error of a channel that cannot be written.
fn unwritten(error: ChannelError) -> Error {
    Error::invalid(error.to_string()).with_source(Arc::new(error) as Arc<_>)
}

impl Client {
    /// Returns the calls of one channel of a [channel type](macro@crate::channel), whose data has the type's
    /// `publication` or `item`.
    ///
    /// ```standalone_crate
    /// # #[cfg(feature = "testing")]
    /// # fn main() {
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Line {
    ///     text: String,
    /// }
    ///
    /// #[centrifugo::channel("chat:{room}", publication = Line, history_size = 100, history_ttl = "1h")]
    /// struct Chat {
    ///     room: u32,
    /// }
    ///
    /// let line = Line { text: "hello".to_owned() };
    /// api.channel(Chat { room: 1 }).publish(&line).await?;
    ///
    /// let page = api.channel(Chat { room: 1 }).history().limit(50).await?;
    /// for publication in &page.publications {
    ///     println!("{}: {}", publication.offset, publication.data.text);
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// # }
    /// # #[cfg(not(feature = "testing"))]
    /// # fn main() {}
    /// ```
    pub fn channel<C: ChannelType>(&self, channel: C) -> ChannelCalls<C> {
        ChannelCalls {
            client: self.clone(),
            channel: channel.to_channel().map_err(unwritten),
            channel_type: PhantomData,
        }
    }

    /// Publishes the publication of a channel type to many of its channels. The results are in the order of the
    /// channels.
    ///
    /// The call fails, and nothing is sent, if one of the channels does not fit its pattern.
    pub fn broadcast_to<C: HasPublication>(
        &self,
        channels: impl IntoIterator<Item = C>,
        data: &C::Publication,
    ) -> Call<Broadcast> {
        let channels = channels
            .into_iter()
            .map(|channel| channel.to_channel().map_err(unwritten))
            .collect::<Result<_, _>>();
        let request = channels.and_then(|channels| {
            Ok(BroadcastRequest {
                channels,
                data: json(data)?,
                ..Default::default()
            })
        });
        Call::new(self, request)
    }
}

impl<C> ChannelCalls<C> {
    fn call<M: Method>(self, request: impl FnOnce(String) -> M::Request) -> Call<M> {
        Call::new(&self.client, self.channel.map(request))
    }

    fn fallible_call<M: Method>(self, request: impl FnOnce(String) -> Result<M::Request, Error>) -> Call<M> {
        Call::new(&self.client, self.channel.and_then(request))
    }
}

impl<C: ChannelType> ChannelCalls<C> {
    /// Lists the clients in the channel; see [`Client::presence`].
    pub fn presence(self) -> Call<Presence> {
        self.call(|channel| PresenceRequest { channel })
    }

    /// Counts the clients and the users in the channel; see [`Client::presence_stats`].
    pub fn presence_stats(self) -> Call<PresenceStats> {
        self.call(|channel| PresenceStatsRequest { channel })
    }

    /// Removes the publications of the channel; see [`Client::history_remove`].
    pub fn history_remove(self) -> Call<HistoryRemove> {
        self.call(|channel| HistoryRemoveRequest { channel })
    }

    /// Subscribes a user's connections to the channel; see [`Client::subscribe`].
    pub fn subscribe(self, user: impl Into<String>) -> Call<Subscribe> {
        let user = user.into();
        self.call(|channel| SubscribeRequest {
            user,
            channel,
            ..Default::default()
        })
    }

    /// Unsubscribes a user's connections from the channel; see [`Client::unsubscribe`].
    pub fn unsubscribe(self, user: impl Into<String>) -> Call<Unsubscribe> {
        let user = user.into();
        self.call(|channel| UnsubscribeRequest {
            user,
            channel,
            ..Default::default()
        })
    }

    /// Removes a key of the map channel; see [`Client::map_remove`].
    pub fn map_remove(self, key: impl Into<String>) -> Call<MapRemove> {
        let key = key.into();
        self.call(|channel| MapRemoveRequest {
            channel,
            key,
            ..Default::default()
        })
    }

    /// Counts the keys of the map channel; see [`Client::map_stats`].
    pub fn map_stats(self) -> Call<MapStats> {
        self.call(|channel| MapStatsRequest { channel })
    }

    /// Removes all keys of the map channel; see [`Client::map_clear`].
    pub fn map_clear(self) -> Call<MapClear> {
        self.call(|channel| MapClearRequest { channel })
    }
}

impl<C: HasPublication> ChannelCalls<C> {
    /// Publishes to the channel; see [`Client::publish`].
    pub fn publish(self, data: &C::Publication) -> Call<Publish> {
        self.fallible_call(|channel| {
            Ok(PublishRequest {
                channel,
                data: json(data)?,
                ..Default::default()
            })
        })
    }

    /// Returns publications of the channel and the position of its stream; see [`Client::history`].
    pub fn history(self) -> TypedCall<History, C::Publication> {
        TypedCall::new(self.call(|channel| HistoryRequest {
            channel,
            ..Default::default()
        }))
    }
}

impl<C: HasItem> ChannelCalls<C> {
    /// Sets a key of the map channel; see [`Client::map_publish`].
    pub fn map_publish(self, key: impl Into<String>, item: &C::Item) -> Call<MapPublish> {
        let key = key.into();
        self.fallible_call(|channel| {
            Ok(MapPublishRequest {
                channel,
                key,
                data: json(item)?,
                ..Default::default()
            })
        })
    }

    /// Reads the keys and values of the map channel, page by page; see [`Client::map_read_state`].
    pub fn map_read_state(self) -> TypedCall<MapReadState, C::Item> {
        TypedCall::new(self.call(|channel| MapReadStateRequest {
            channel,
            ..Default::default()
        }))
    }

    /// Reads the changes of the map channel; see [`Client::map_read_stream`].
    pub fn map_read_stream(self) -> TypedCall<MapReadStream, C::Item> {
        TypedCall::new(self.call(|channel| MapReadStreamRequest {
            channel,
            ..Default::default()
        }))
    }

    /// Publishes a key of the shared poll channel before Centrifugo polls it; see [`Client::shared_poll_publish`].
    pub fn shared_poll_publish(
        self,
        key: impl Into<String>,
        version: u64,
        item: &C::Item,
    ) -> Call<SharedPollPublish> {
        let key = key.into();
        self.fallible_call(|channel| {
            Ok(SharedPollPublishRequest {
                channel,
                key,
                data: json(item)?,
                version,
                ..Default::default()
            })
        })
    }
}

/// Shows the channel and the client.
impl<C> fmt::Debug for ChannelCalls<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelCalls")
            .field("channel", &self.channel)
            .field("client", &self.client)
            .finish()
    }
}
