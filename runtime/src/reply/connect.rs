//! The reply to connect events.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use centrifugo_proto::proxy::{ChannelsCapability, ConnectResult};
use serde::Serialize;

use super::expiry::Expiry;
use super::payload::Payload;
use super::reply_traits::ConnectReply;
use super::subscribe::SubscribeOptions;
use super::untyped::Untyped;
use crate::error::Error;
use crate::handler::Protocol;
use crate::schema::reply_types;
use crate::time::Time;

/// Allows the connection, as a user or anonymously.
///
/// The methods of the builder never fail. The answer is an internal error if a value can't be serialized, if the client
/// could not read the bytes, if the user id is empty, or if the time of expiry is not in the future. A handler refuses
/// the connection by returning an error in a `Result`.
///
/// [Centrifugo's docs](https://centrifugal.dev/docs/server/proxy#connect-proxy) describe the fields. Without
/// [`expires_in`](Self::expires_in) or [`expires_at`](Self::expires_at), the connection never expires and is never
/// refreshed.
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
///
/// # The types of the data and of the info
///
/// In `reply::Connect<T, I>`, `T` is the type of the data that the client receives, which [`typed`](Self::typed) sets. `I` is the type of
/// the info that other clients see, which [`typed_info`](Self::typed_info) sets. Either type can be [`Untyped`]. With the feature
/// `schema` the description of the program has the types, and so has the TypeScript client.
#[must_use]
pub struct Connect<T = Untyped, I = Untyped> {
    result: ConnectResult,
    is_anonymous: bool,
    expiry: Expiry,
    info: Payload,
    data: Payload,
    meta: Payload,
    subs: BTreeMap<String, SubscribeOptions>,
    types: PhantomData<fn() -> (T, I)>,
}

impl Connect {
    /// Allows the connection of a user. An empty id makes the answer an internal error: use
    /// [`anonymous`](Self::anonymous) for a connection without a user.
    pub fn user(id: impl Into<String>) -> Self {
        Self::new(id.into(), false)
    }

    /// Allows a connection without a user.
    pub fn anonymous() -> Self {
        Self::new(String::new(), true)
    }

    fn new(user: String, is_anonymous: bool) -> Self {
        Self {
            result: ConnectResult {
                user,
                ..Default::default()
            },
            is_anonymous,
            expiry: Expiry::default(),
            info: Payload::default(),
            data: Payload::default(),
            meta: Payload::default(),
            subs: BTreeMap::new(),
            types: PhantomData,
        }
    }
}

impl<I> Connect<Untyped, I> {
    payload_setters! {
        /// Sets the data that the client receives with its connect reply.
        data, data_bytes
    }

    /// Sets the data that the client receives with its connect reply, and makes its type a part of the reply's type.
    ///
    /// ```
    /// use centrifugo::reply;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Profile {
    ///     name: String,
    /// }
    ///
    /// #[centrifugo::connect]
    /// fn connect() -> reply::Connect<Profile> {
    ///     reply::Connect::user("42").channels(["news"]).typed(&Profile { name: "Ann".to_owned() })
    /// }
    /// ```
    pub fn typed<T: Serialize>(mut self, data: &T) -> Connect<T, I> {
        self.data = Payload::json(data);
        self.retyped()
    }
}

impl<T> Connect<T, Untyped> {
    payload_setters! {
        /// Sets the info that other clients see in presence, in join and leave messages, and in publications of this
        /// client.
        info, info_bytes
    }

    /// Sets the [`info`](Self::info) that other clients see, and makes its type a part of the reply's type.
    ///
    /// ```
    /// use centrifugo::reply::{self, Untyped};
    ///
    /// #[derive(serde::Serialize)]
    /// struct Card {
    ///     name: String,
    /// }
    ///
    /// #[centrifugo::connect]
    /// fn connect() -> reply::Connect<Untyped, Card> {
    ///     reply::Connect::user("42").typed_info(&Card { name: "Ann".to_owned() })
    /// }
    /// ```
    pub fn typed_info<I: Serialize>(mut self, info: &I) -> Connect<T, I> {
        self.info = Payload::json(info);
        self.retyped()
    }
}

impl<T, I> Connect<T, I> {
    /// Changes the types of the data and of the info. The reply itself stays as it is.
    fn retyped<D, N>(self) -> Connect<D, N> {
        Connect {
            result: self.result,
            is_anonymous: self.is_anonymous,
            expiry: self.expiry,
            info: self.info,
            data: self.data,
            meta: self.meta,
            subs: self.subs,
            types: PhantomData,
        }
    }

    /// Sets the meta, which later events of the connection carry as [`Meta`](crate::Meta). Clients never see it.
    ///
    /// Centrifugo sends it only if `include_connection_meta` is on in its proxy configuration.
    pub fn meta<M: Serialize + ?Sized>(mut self, meta: &M) -> Self {
        self.meta = Payload::json(meta);
        self
    }

    /// Sets the time at which the connection expires. Centrifugo then sends a [`#[refresh]`](macro@crate::refresh)
    /// event.
    ///
    /// The time is a [`SystemTime`](std::time::SystemTime) or a [`Time`]. By default the connection never expires. A
    /// time that is not in the future makes the answer an internal error.
    pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
        self.expiry = Expiry::at(time);
        self
    }

    /// Sets the time until the connection expires, from now on; see [`expires_at`](Self::expires_at).
    pub fn expires_in(self, duration: Duration) -> Self {
        self.expires_at(Time::after(duration))
    }

    /// Subscribes the client to channels, with the options of their namespaces.
    pub fn channels<C: IntoIterator<Item: Into<String>>>(mut self, channels: C) -> Self {
        self.result.channels.extend(channels.into_iter().map(Into::into));
        self
    }

    /// Subscribes the client to a channel, with options.
    pub fn subscribe(mut self, channel: impl Into<String>, options: SubscribeOptions) -> Self {
        self.subs.insert(channel.into(), options);
        self
    }

    /// Adds capabilities of the client in channels (Centrifugo PRO).
    pub fn capability(mut self, capability: ChannelsCapability) -> Self {
        self.result.caps.push(capability);
        self
    }

    /// Adds a label of the connection (Centrifugo PRO).
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.result.labels.insert(key.into(), value.into());
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T, I> ConnectReply for Connect<T, I> {
    reply_types!(Value T, info I);

    fn into_result(self, client: Protocol) -> Result<ConnectResult, Error> {
        let mut result = self.result;
        if result.user.is_empty() && !self.is_anonymous {
            return Err(Error::internal(
                "the user id in `reply::Connect::user` is empty: use `reply::Connect::anonymous()`",
            ));
        }
        if result.channels.iter().any(String::is_empty) || self.subs.contains_key("") {
            return Err(Error::internal(
                "a channel in `reply::Connect` is empty; a channel type whose fields do not fit its pattern displays as an empty text",
            ));
        }
        result.expire_at = self.expiry.finish("reply::Connect")?;
        result.info = self.info.finish("info", client)?;
        result.data = self.data.finish("data", client)?;
        // Centrifugo reads the meta as JSON, independently of the client's protocol.
        result.meta = self.meta.finish("meta", Protocol { is_json: true })?;
        for (channel, options) in self.subs {
            result.subs.insert(channel, options.finish(client)?);
        }
        Ok(result)
    }
}

impl<T, I> fmt::Debug for Connect<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("result", &self.result)
            .field("is_anonymous", &self.is_anonymous)
            .field("expiry", &self.expiry)
            .field("info", &self.info)
            .field("data", &self.data)
            .field("meta", &self.meta)
            .field("subs", &self.subs)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::markers;
    use crate::handler::IntoReply;

    #[test]
    fn refuses_an_empty_channel() {
        let reply = |channel: &str, option: &str| {
            let reply = Connect::user("42")
                .channels([channel])
                .subscribe(option, SubscribeOptions::new());
            IntoReply::<markers::Connect>::into_reply(reply, Protocol { is_json: true })
        };
        assert!(reply("news", "chat").is_ok());
        for (channel, option) in [("", "chat"), ("news", "")] {
            assert!(reply(channel, option).is_err(), "{channel} {option}");
        }
    }
}
