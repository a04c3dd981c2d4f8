//! Replies to the publication and to the removal of a key of a map channel.

use centrifugo_proto::proxy::{MapPublishResult, MapRemoveResult};

use super::payload::Payload;
use super::reply_traits::{MapPublishReply, MapRemoveReply};
use crate::error::Error;
use crate::handler::Protocol;

/// Lets a key be published into a map channel, as the client made it or changed.
///
/// Centrifugo v6.9.1 publishes it and yet answers the client with error 107, «bad request»; subscribers see the change.
/// It answers the same, and does not subscribe the client, where a `subscribe` handler lets it into a map channel: let
/// clients in by a token or by `allow_subscribe_for_client`.
///
/// Builders never fail: a value that can't be serialized and bytes that the client could not read make the answer an
/// internal error. A handler may return a `Result` of it; there is no `Option`: what is not allowed is refused with an
/// error.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, reply};
///
/// #[centrifugo::map_publish(channel = "slots:*")]
/// fn take(key: MapKey) -> Result<reply::MapPublish, Error> {
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
#[derive(Debug)]
#[must_use]
pub struct MapPublish {
    result: MapPublishResult,
    data: Payload,
    stream_data: Payload,
}

/// Lets a key be removed from a map channel. For what Centrifugo tells the client, see [`MapPublish`].
///
/// A handler may return a `Result` of it; there is no `Option`: what is not allowed is refused with an error.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::map_remove(channel = "slots:*")]
/// fn leave(user: UserId, key: MapKey) -> Result<reply::MapRemove, Error> {
///     if *user != *key {
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

    payload! {
        /// Other data in place of the client's; empty bytes keep the client's.
        data, data_bytes
    }

    data_of!();

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

    payload! {
        /// Other data for the stream of changes than for the map. The open-source server, as of v6.9, does not read it.
        stream_data, stream_data_bytes
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
impl MapPublishReply for MapPublish {
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
