//! The reply to a subscribe, and the options of a server-side subscription.

use std::time::Duration;

use centrifugo_proto::proxy::{self, BoolValue, FilterNode, SubscribeOptionOverride, SubscribeResult};

use super::payload::Payload;
use super::reply_traits::SubscribeReply;
use crate::error::Error;
use crate::handler::Protocol;
use crate::time::Time;

macro_rules! options {
    () => {
        payload! {
            /// What other clients see of this one in the channel's presence, join and publications.
            info, info_bytes
        }

        payload! {
            /// What the client gets with the subscription.
            data, data_bytes
        }

        /// When the subscription expires, in Unix seconds or as a `SystemTime`: then it is refreshed. Not set, it never
        /// does.
        pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
            self.result.expire_at = time.into().unix_seconds();
            self
        }

        /// The same from now.
        pub fn expires_in(self, duration: Duration) -> Self {
            self.expires_at(Time::after(duration))
        }

        /// Which publications the client gets, by their tags. The open-source server, as of v6.9, does not read it.
        pub fn server_tags_filter(mut self, filter: FilterNode) -> Self {
            self.result.server_tags_filter = Some(filter);
            self
        }

        /// Whether the channel keeps presence, in place of its namespace's setting.
        pub fn presence(mut self, on: bool) -> Self {
            self.overrides().presence = Some(BoolValue { value: on });
            self
        }

        /// Whether joins and leaves are told, in place of the namespace's setting.
        pub fn join_leave(mut self, on: bool) -> Self {
            self.overrides().join_leave = Some(BoolValue { value: on });
            self
        }

        /// Whether the client recovers missed publications, in place of the namespace's setting.
        pub fn force_recovery(mut self, on: bool) -> Self {
            self.overrides().force_recovery = Some(BoolValue { value: on });
            self
        }

        /// Whether the client's position is checked, in place of the namespace's setting.
        pub fn force_positioning(mut self, on: bool) -> Self {
            self.overrides().force_positioning = Some(BoolValue { value: on });
            self
        }

        /// Whether joins and leaves are pushed to the client, in place of the namespace's setting.
        pub fn force_push_join_leave(mut self, on: bool) -> Self {
            self.overrides().force_push_join_leave = Some(BoolValue { value: on });
            self
        }

        fn overrides(&mut self) -> &mut SubscribeOptionOverride {
            self.result.r#override.get_or_insert_default()
        }
    };
}

/// Lets a client subscribe.
///
/// Builders never fail: a value that can't be serialized and bytes that the client could not read make the answer an
/// internal error. A handler may return a `Result` of it; there is no `Option`: what is not allowed is refused with an
/// error.
///
/// Times are Unix seconds, or a `SystemTime`. What is not set is as the channel's namespace has it, in Centrifugo's
/// configuration.
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::subscribe(channel = "news:*")]
/// fn news(user: UserId) -> Result<reply::Subscribe, Error> {
///     if &*user == "mallory" {
///         return Err(Error::disconnect::<4501>("banned"));
///     }
///     Ok(reply::Subscribe::allow().data(&"welcome").presence(true).expires_in(Duration::from_secs(60)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.subscribe("news:1").user("ann").await;
/// let result = answer.result().ok_or("no result")?;
/// assert!(&result.data[..] == br#""welcome""# && result.expire_at > 0);
/// assert_eq!(t.subscribe("news:1").user("mallory").await.client_sees(), "disconnect 4501: banned");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Subscribe {
    result: SubscribeResult,
    info: Payload,
    data: Payload,
}

impl Subscribe {
    /// The client may subscribe, with the namespace's options.
    pub fn allow() -> Self {
        Self {
            result: SubscribeResult::default(),
            info: Payload::default(),
            data: Payload::default(),
        }
    }

    /// What the client may do in the channel (Centrifugo PRO).
    pub fn allow_capabilities<I: IntoIterator<Item: Into<String>>>(mut self, capabilities: I) -> Self {
        self.result.allow.extend(capabilities.into_iter().map(Into::into));
        self
    }

    options!();
}

#[diagnostic::do_not_recommend]
impl SubscribeReply for Subscribe {
    fn into_result(self, client: Protocol) -> Result<SubscribeResult, Error> {
        let mut result = self.result;
        result.info = self.info.finish("info", client)?;
        result.data = self.data.finish("data", client)?;
        Ok(result)
    }
}

/// Options of a server-side subscription, for [`Connect::subscribe`](super::Connect::subscribe). What is not set is as
/// the channel's namespace has it.
///
/// ```
/// use centrifugo::reply::{Connect, SubscribeOptions};
///
/// let inbox = SubscribeOptions::new().data(&"2 unread").force_recovery(true);
/// let connect = Connect::user("42").subscribe("inbox:42", inbox);
/// # drop(connect);
/// ```
#[derive(Debug, Default)]
#[must_use]
pub struct SubscribeOptions {
    result: proxy::SubscribeOptions,
    info: Payload,
    data: Payload,
}

impl SubscribeOptions {
    /// The namespace's options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends the latest publication at once, in cache recovery mode.
    pub fn cache_recover(mut self) -> Self {
        self.result.cache_recover = true;
        self
    }

    options!();

    pub(crate) fn finish(self, client: Protocol) -> Result<proxy::SubscribeOptions, Error> {
        let mut result = self.result;
        result.info = self.info.finish("info", client)?;
        result.data = self.data.finish("data", client)?;
        Ok(result)
    }
}
