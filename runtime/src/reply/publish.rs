//! The reply to a publish.

use centrifugo_proto::proxy::PublishResult;

use super::payload::Payload;
use super::reply_traits::PublishReply;
use crate::error::Error;
use crate::handler::Protocol;

/// Lets a publication through, as the client made it or changed.
///
/// Builders never fail: a value that can't be serialized and bytes that the client could not read make the answer an
/// internal error. A handler may return a `Result` of it; there is no `Option`: what is not allowed is refused with an
/// error.
///
/// Centrifugo takes empty data for «keep the client's», and so does this.
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
#[derive(Debug)]
#[must_use]
pub struct Publish {
    result: PublishResult,
    data: Payload,
}

impl Publish {
    /// The publication goes to the channel with the client's data.
    pub fn allow() -> Self {
        Self {
            result: PublishResult::default(),
            data: Payload::default(),
        }
    }

    payload! {
        /// Other data in place of the client's.
        data, data_bytes
    }

    data_of!();

    /// Keeps it out of the channel's history, where the channel has one.
    pub fn skip_history(mut self) -> Self {
        self.result.skip_history = true;
        self
    }

    /// A tag of the publication.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.result.tags.insert(key.into(), value.into());
        self
    }

    /// A later publication with the same key is dropped.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.result.idempotency_key = key.into();
        self
    }

    /// Subscribers that asked for it get the difference to the one before.
    pub fn delta(mut self) -> Self {
        self.result.delta = true;
        self
    }

    /// The version of the channel's state; a lower one is dropped.
    pub fn version(mut self, version: u64) -> Self {
        self.result.version = version;
        self
    }

    /// The epoch that the version belongs to.
    pub fn version_epoch(mut self, epoch: impl Into<String>) -> Self {
        self.result.version_epoch = epoch.into();
        self
    }
}

#[diagnostic::do_not_recommend]
impl PublishReply for Publish {
    fn into_result(self, client: Protocol) -> Result<PublishResult, Error> {
        let mut result = self.result;
        result.data = self.data.finish("data", client)?;
        Ok(result)
    }
}
