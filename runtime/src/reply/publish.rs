//! The reply to publish events.

use std::fmt;
use std::marker::PhantomData;

use centrifugo_proto::proxy::PublishResult;
use serde::Serialize;

use super::payload::Payload;
use super::reply_traits::PublishReply;
use super::untyped::Untyped;
use crate::error::Error;
use crate::handler::Protocol;
use crate::schema::reply_types;

/// Allows a publication, with the client's data or with other data.
///
/// The methods of the builder never fail. A value that can't be serialized, or bytes that the client could not read,
/// make the answer an internal error. A handler refuses the event by returning an error in a `Result`.
///
/// Empty data keeps the client's data, as Centrifugo defines it.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json, reply};
///
/// #[centrifugo::publish(channel = "chat:*")]
/// fn say(Json(line): Json<String>) -> Result<reply::Publish, Error> {
///     match line.trim() {
///         "" => Err(Error::bad_request()),
///         text => Ok(reply::Publish::allow().data(text).tag("source", "client").skip_history()),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.publish("chat:1").json(" hi ").await;
/// let result = answer.result().ok_or("no result")?;
/// assert!(&result.data[..] == br#""hi""# && result.skip_history);
/// assert_eq!(t.publish("chat:1").json(" ").await.client_sees(), "error 107: bad request");
/// # Ok(())
/// # }
/// ```
///
/// # Channel types
///
/// A handler of a [channel type](macro@crate::channel) with `publication = T` returns `reply::Publish<T>`, which
/// [`typed`](Self::typed) makes: the channel then carries a `T`, whatever the client sent.
#[must_use]
pub struct Publish<T = Untyped> {
    result: PublishResult,
    data: Payload,
    data_type: PhantomData<fn() -> T>,
}

impl<T> Publish<T> {
    fn new(data: Payload) -> Self {
        Self {
            result: PublishResult::default(),
            data,
            data_type: PhantomData,
        }
    }
}

impl<T: Serialize> Publish<T> {
    /// Allows the publication of `data`: the client's data, taken as `Json<T>`, or other data.
    pub fn typed(data: &T) -> Self {
        Self::new(Payload::json(data))
    }
}

impl Publish {
    /// Allows the publication with the client's data.
    pub fn allow() -> Self {
        Self::new(Payload::default())
    }

    payload_setters! {
        /// Replaces the client's data.
        data, data_bytes
    }

    event_data_setter!();
}

impl<T> Publish<T> {
    /// Leaves the publication out of the channel's history.
    pub fn skip_history(mut self) -> Self {
        self.result.skip_history = true;
        self
    }

    /// Adds a tag to the publication.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.result.tags.insert(key.into(), value.into());
        self
    }

    /// Sets the idempotency key. Centrifugo drops a later publication with the same key.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.result.idempotency_key = key.into();
        self
    }

    /// Enables delta compression: subscribers that negotiated it receive the difference to the previous publication.
    pub fn delta(mut self) -> Self {
        self.result.delta = true;
        self
    }

    /// Sets the version of the channel's state. Centrifugo drops a publication with a lower version.
    pub fn version(mut self, version: u64) -> Self {
        self.result.version = version;
        self
    }

    /// Sets the epoch that the version belongs to.
    pub fn version_epoch(mut self, epoch: impl Into<String>) -> Self {
        self.result.version_epoch = epoch.into();
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T> PublishReply for Publish<T> {
    reply_types!(Publication T);

    fn into_result(self, client: Protocol) -> Result<PublishResult, Error> {
        let mut result = self.result;
        result.data = self.data.finish("data", client)?;
        Ok(result)
    }
}

impl<T> fmt::Debug for Publish<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publish")
            .field("result", &self.result)
            .field("data", &self.data)
            .finish()
    }
}
