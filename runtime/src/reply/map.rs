//! Replies to the publication and to the removal of a key of a map channel.

use bytes::Bytes;
use centrifugo_proto::proxy::{MapPublishResult, MapRemoveResult};
use serde::Serialize;

use super::{AnsweredBy, Client, IntoReply, Payload};
use crate::error::Error;
use crate::event::kind;
use crate::extract::Data;

/// Lets a key be published into a map channel, as the client made it or changed.
///
/// Centrifugo v6.9.1 publishes it and yet answers the client with error 107, «bad request»; subscribers see the change. It
/// answers the same, and does not subscribe the client, where a `subscribe` handler lets it into a map channel: let clients
/// in by a token or by `allow_subscribe_for_client`.
///
/// ```
/// use centrifugo::reply;
///
/// #[centrifugo::map_publish(channel = "slots:*")]
/// fn take() -> reply::MapPublish {
///     reply::MapPublish::allow().only_new().tag("source", "client")
/// }
/// # assert!(matches!(take(), _));
/// ```
#[derive(Debug)]
#[must_use]
pub struct MapPublish {
    result: MapPublishResult,
    data: Payload,
    stream_data: Payload,
}

/// Lets a key be removed from a map channel. For what Centrifugo tells the client, see [`MapPublish`].
///
/// ```
/// use centrifugo::reply;
///
/// #[centrifugo::map_remove(channel = "slots:*")]
/// fn leave() -> reply::MapRemove {
///     reply::MapRemove::allow().tag("source", "client")
/// }
/// # assert!(matches!(leave(), _));
/// ```
#[derive(Debug)]
#[must_use]
pub struct MapRemove {
    result: MapRemoveResult,
}

macro_rules! common {
    () => {
        /// Another key in place of the client's; an empty one keeps the client's.
        pub fn key(mut self, key: impl Into<String>) -> Self {
            self.result.key = key.into();
            self
        }

        /// A tag of the publication that tells of the change.
        pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
            self.result.tags.insert(key.into(), value.into());
            self
        }

        /// A later change with the same idempotency key is dropped.
        pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
            self.result.idempotency_key = key.into();
            self
        }
    };
}

impl MapPublish {
    /// The key gets the client's data.
    pub fn allow() -> Self {
        Self {
            result: MapPublishResult::default(),
            data: Payload::default(),
            stream_data: Payload::default(),
        }
    }

    common!();

    /// Other data in place of the client's.
    pub fn data<T: Serialize + ?Sized>(mut self, data: &T) -> Self {
        self.data = Payload::json(data);
        self
    }

    /// The same as bytes; none keep the client's data.
    pub fn data_bytes(mut self, data: impl Into<Bytes>) -> Self {
        self.data = Payload::bytes(data.into(), false);
        self
    }

    /// Data that was taken from the event, passed on as it is.
    pub fn data_of(mut self, data: Data) -> Self {
        let is_json = data.is_from_event();
        self.data = Payload::bytes(data.into_bytes(), is_json);
        self
    }

    /// Publishes only when the map does not have the key.
    pub fn only_new(mut self) -> Self {
        self.result.key_mode = "if_new".into();
        self
    }

    /// Publishes only when the map has the key.
    pub fn only_existing(mut self) -> Self {
        self.result.key_mode = "if_exists".into();
        self
    }

    /// Subscribers that asked for it get the difference to the data before.
    pub fn delta(mut self) -> Self {
        self.result.delta = true;
        self
    }

    /// The version of the key's data; a lower one is dropped.
    pub fn version(mut self, version: u64) -> Self {
        self.result.version = version;
        self
    }

    /// The epoch that the version belongs to.
    pub fn version_epoch(mut self, epoch: impl Into<String>) -> Self {
        self.result.version_epoch = epoch.into();
        self
    }

    /// The key's place in an ordered map. The open-source server, as of v6.9, does not read it.
    pub fn score(mut self, score: i64) -> Self {
        self.result.score = score;
        self
    }

    /// Other data for the stream of changes than for the map. The open-source server, as of v6.9, does not read it.
    pub fn stream_data<T: Serialize + ?Sized>(mut self, data: &T) -> Self {
        self.stream_data = Payload::json(data);
        self
    }

    /// The same as bytes.
    pub fn stream_data_bytes(mut self, data: impl Into<Bytes>) -> Self {
        self.stream_data = Payload::bytes(data.into(), false);
        self
    }
}

impl MapRemove {
    /// The key goes.
    pub fn allow() -> Self {
        Self {
            result: MapRemoveResult::default(),
        }
    }

    common!();
}

#[diagnostic::do_not_recommend]
impl AnsweredBy<MapPublish> for kind::MapPublish {
    fn result(reply: MapPublish, client: Client) -> Result<MapPublishResult, Error> {
        let mut result = reply.result;
        result.data = reply.data.finish("data", client)?;
        result.stream_data = reply.stream_data.finish("stream data", client)?;
        Ok(result)
    }
}

#[diagnostic::do_not_recommend]
impl AnsweredBy<MapRemove> for kind::MapRemove {
    fn result(reply: MapRemove, _: Client) -> Result<MapRemoveResult, Error> {
        Ok(reply.result)
    }
}

impl<K: AnsweredBy<Self>> IntoReply<K> for MapPublish {
    fn into_reply(self, client: Client) -> Result<K::Reply, Error> {
        K::result(self, client)
    }
}

impl<K: AnsweredBy<Self>> IntoReply<K> for MapRemove {
    fn into_reply(self, client: Client) -> Result<K::Reply, Error> {
        K::result(self, client)
    }
}
