//! The reply to a connect.

use std::collections::BTreeMap;
use std::time::Duration;

use centrifugo_proto::proxy::{ChannelsCapability, ConnectResult};
use serde::Serialize;

use super::payload::Payload;
use super::reply_traits::ConnectReply;
use super::subscribe::SubscribeOptions;
use crate::error::Error;
use crate::handler::Protocol;
use crate::time::Time;

/// Lets the client in, as a user or anonymously.
///
/// Builders never fail: a value that can't be serialized, bytes that the client could not read and an empty user make
/// the answer an internal error. A handler may return a `Result` of it; there is no `Option`: what is not allowed is
/// refused with an error.
///
/// Centrifugo reads these fields as [its docs say](https://centrifugal.dev/docs/server/proxy#connect-proxy). Without
/// [`expires_in`](Self::expires_in) the connection never expires, and is never refreshed.
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json, reply};
///
/// #[centrifugo::connect]
/// fn connect(token: Option<Json<String>>) -> Result<reply::Connect, Error> {
///     let news = reply::SubscribeOptions::new().presence(true);
///     match token.as_ref().map(|Json(token)| token.as_str()) {
///         None => Ok(reply::Connect::anonymous().channels(["news"])),
///         Some("t-ann") => Ok(reply::Connect::user("42")
///             .info(&"Ann")
///             .meta(&7)
///             .expires_in(Duration::from_secs(3600))
///             .subscribe("news", news)),
///         Some("") => Ok(reply::Connect::user("")),
///         Some(_) => Err(Error::unauthorized()),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.connect().json("t-ann").await;
/// let result = answer.result().ok_or("no result")?;
/// assert_eq!((result.user.as_str(), &result.info[..]), ("42", &br#""Ann""#[..]));
/// assert!(result.subs.contains_key("news"));
/// assert!(t.connect().await.result().is_some_and(|result| result.user.is_empty()));
/// assert_eq!(t.connect().json("").await.client_sees(), "error 100: internal server error (temporary)");
/// assert_eq!(t.connect().json("x").await.client_sees(), "error 101: unauthorized");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Connect {
    result: ConnectResult,
    anonymous: bool,
    info: Payload,
    data: Payload,
    meta: Payload,
    subs: BTreeMap<String, SubscribeOptions>,
}

impl Connect {
    /// The connection is of this user. An empty id makes the answer an internal error: see
    /// [`anonymous`](Self::anonymous).
    pub fn user(id: impl Into<String>) -> Self {
        Self::new(id.into(), false)
    }

    /// The connection has no user.
    pub fn anonymous() -> Self {
        Self::new(String::new(), true)
    }

    fn new(user: String, anonymous: bool) -> Self {
        Self {
            result: ConnectResult {
                user,
                ..Default::default()
            },
            anonymous,
            info: Payload::default(),
            data: Payload::default(),
            meta: Payload::default(),
            subs: BTreeMap::new(),
        }
    }

    payload! {
        /// What other clients see of this one in presence, join and publications.
        info, info_bytes
    }

    payload! {
        /// What the client gets in its connect reply.
        data, data_bytes
    }

    /// What later events of the connection carry as [`Meta`](crate::Meta), with `include_connection_meta`; clients
    /// never see it.
    pub fn meta<T: Serialize + ?Sized>(mut self, meta: &T) -> Self {
        self.meta = Payload::json(meta);
        self
    }

    /// When the connection expires, in Unix seconds or as a `SystemTime`: then [`#[refresh]`](macro@crate::refresh) is
    /// asked. Not set, it never does.
    pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
        self.result.expire_at = time.into().unix_seconds();
        self
    }

    /// The same from now.
    pub fn expires_in(self, duration: Duration) -> Self {
        self.expires_at(Time::after(duration))
    }

    /// Server-side subscriptions with the options of their namespaces.
    pub fn channels<I: IntoIterator<Item: Into<String>>>(mut self, channels: I) -> Self {
        self.result.channels.extend(channels.into_iter().map(Into::into));
        self
    }

    /// A server-side subscription with options.
    pub fn subscribe(mut self, channel: impl Into<String>, options: SubscribeOptions) -> Self {
        self.subs.insert(channel.into(), options);
        self
    }

    /// What the client may do in channels (Centrifugo PRO).
    pub fn capability(mut self, capability: ChannelsCapability) -> Self {
        self.result.caps.push(capability);
        self
    }

    /// A label of the connection (Centrifugo PRO).
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.result.labels.insert(key.into(), value.into());
        self
    }
}

#[diagnostic::do_not_recommend]
impl ConnectReply for Connect {
    fn into_result(self, client: Protocol) -> Result<ConnectResult, Error> {
        let mut result = self.result;
        if result.user.is_empty() && !self.anonymous {
            return Err(Error::internal(
                "`reply::Connect::user` has an empty id: an anonymous connection is `anonymous()`",
            ));
        }
        result.info = self.info.finish("info", client)?;
        result.data = self.data.finish("data", client)?;
        // Centrifugo reads the meta as JSON whatever the client's protocol is.
        result.meta = self.meta.finish("meta", Protocol { json: true })?;
        for (channel, options) in self.subs {
            result.subs.insert(channel, options.finish(client)?);
        }
        Ok(result)
    }
}
