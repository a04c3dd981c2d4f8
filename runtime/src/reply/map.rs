//! Replies to map_publish and map_remove events.

use std::fmt;
use std::marker::PhantomData;

use centrifugo_proto::proxy::{MapPublishResult, MapRemoveResult};
use serde::Serialize;

use super::payload::Payload;
use super::reply_traits::{MapPublishReply, MapRemoveReply};
use super::untyped::Untyped;
use crate::error::Error;
use crate::handler::Protocol;
use crate::schema::reply_types;

/// Allows a client to publish a key into a map channel, with its data or with other data.
///
/// Centrifugo v6.9.1 publishes the key, and subscribers see the change, but it answers the client with error 107 (bad
/// request). If a `subscribe` handler allows a subscription to a map channel, Centrifugo v6.9.1 also answers with error
/// 107 and does not subscribe the client. Allow these subscriptions with a token or with `allow_subscribe_for_client`.
///
/// The methods of the builder never fail. A value that can't be serialized, or bytes that the client could not read,
/// make the answer an internal error. A handler refuses the event by returning an error in a `Result`.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, reply};
///
/// #[centrifugo::map_publish(channel = "slots:*")]
/// fn take(MapKey(key): MapKey) -> Result<reply::MapPublish, Error> {
///     match key.parse() {
///         Ok(1..=9) => Ok(reply::MapPublish::allow().only_new().tag("source", "client")),
///         _ => Err(Error::bad_request()),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.map_publish("slots:1", "7").user("ann").json(&true).await;
/// assert_eq!(answer.result().map(|result| result.key_mode.as_str()), Some("if_new"));
/// assert_eq!(t.map_publish("slots:1", "10").await.client_sees(), "error 107: bad request");
/// # Ok(())
/// # }
/// ```
///
/// # Channel types
///
/// A handler of a [channel type](macro@crate::channel) with `item = T` returns `reply::MapPublish<T>`, which
/// [`typed`](Self::typed) makes.
#[must_use]
pub struct MapPublish<T = Untyped> {
    result: MapPublishResult,
    data: Payload,
    stream_data: Payload,
    data_type: PhantomData<fn() -> T>,
}

/// Allows a client to remove a key from a map channel. The docs of [`MapPublish`] say how Centrifugo answers the
/// client.
///
/// A handler refuses the event by returning an error in a `Result`.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::map_remove(channel = "slots:*")]
/// fn leave(UserId(user): UserId, MapKey(key): MapKey) -> Result<reply::MapRemove, Error> {
///     if user != key {
///         return Err(Error::permission_denied());
///     }
///     Ok(reply::MapRemove::allow().tag("source", "client"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.map_remove("slots:1", "ann").user("ann").await.result().is_some());
/// assert_eq!(t.map_remove("slots:1", "ann").user("bob").await.client_sees(), "error 103: permission denied");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct MapRemove {
    result: MapRemoveResult,
}

/// Defines the setters that both replies have.
macro_rules! common_setters {
    () => {
        /// Replaces the client's key. An empty key keeps the client's key.
        pub fn key(mut self, key: impl Into<String>) -> Self {
            self.result.key = key.into();
            self
        }

        /// Adds a tag to the publication of the change.
        pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
            self.result.tags.insert(key.into(), value.into());
            self
        }

        /// Sets the idempotency key. Centrifugo drops a later change with the same key.
        pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
            self.result.idempotency_key = key.into();
            self
        }
    };
}

impl<T> MapPublish<T> {
    fn new(data: Payload) -> Self {
        Self {
            result: MapPublishResult::default(),
            data,
            stream_data: Payload::default(),
            data_type: PhantomData,
        }
    }
}

impl<T: Serialize> MapPublish<T> {
    /// Allows the publication of `data`: the client's data, taken as `Json<T>`, or other data.
    pub fn typed(data: &T) -> Self {
        Self::new(Payload::json(data))
    }
}

impl MapPublish {
    /// Allows the publication with the client's data.
    pub fn allow() -> Self {
        Self::new(Payload::default())
    }

    payload_setters! {
        /// Replaces the client's data. Empty bytes keep the client's data.
        data, data_bytes
    }

    event_data_setter!();

    payload_setters! {
        /// Sets the data for the stream of changes, if it differs from that of the map. The open-source server ignores
        /// it as of v6.9.
        stream_data, stream_data_bytes
    }
}

impl<T> MapPublish<T> {
    common_setters!();

    /// Publishes only if the map does not have the key.
    pub fn only_new(mut self) -> Self {
        self.result.key_mode = "if_new".into();
        self
    }

    /// Publishes only if the map has the key.
    pub fn only_existing(mut self) -> Self {
        self.result.key_mode = "if_exists".into();
        self
    }

    /// Enables delta compression: subscribers that negotiated it receive the difference to the previous data.
    pub fn delta(mut self) -> Self {
        self.result.delta = true;
        self
    }

    /// Sets the version of the key's data. Centrifugo drops a change with a lower version.
    pub fn version(mut self, version: u64) -> Self {
        self.result.version = version;
        self
    }

    /// Sets the epoch that the version belongs to.
    pub fn version_epoch(mut self, epoch: impl Into<String>) -> Self {
        self.result.version_epoch = epoch.into();
        self
    }

    /// Sets the score of the key, which orders an ordered map. The open-source server ignores it as of v6.9.
    pub fn score(mut self, score: i64) -> Self {
        self.result.score = score;
        self
    }
}

impl MapRemove {
    /// Allows the removal.
    pub fn allow() -> Self {
        Self {
            result: MapRemoveResult::default(),
        }
    }

    common_setters!();
}

#[diagnostic::do_not_recommend]
impl<T> MapPublishReply for MapPublish<T> {
    reply_types!(Item T);

    fn into_result(self, client: Protocol) -> Result<MapPublishResult, Error> {
        let mut result = self.result;
        result.data = self.data.finish("data", client)?;
        result.stream_data = self.stream_data.finish("stream data", client)?;
        Ok(result)
    }
}

#[diagnostic::do_not_recommend]
impl MapRemoveReply for MapRemove {
    fn into_result(self, _: Protocol) -> Result<MapRemoveResult, Error> {
        Ok(self.result)
    }
}

impl<T> fmt::Debug for MapPublish<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapPublish")
            .field("result", &self.result)
            .field("data", &self.data)
            .field("stream_data", &self.stream_data)
            .finish()
    }
}
