//! The reply to subscribe events, and the options of a server-side subscription.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use centrifugo_proto::proxy::{self, BoolValue, FilterNode, SubscribeOptionOverride, SubscribeResult};
use serde::Serialize;

use super::expiry::Expiry;
use super::payload::Payload;
use super::reply_traits::SubscribeReply;
use super::untyped::Untyped;
use crate::error::Error;
use crate::handler::Protocol;
use crate::schema::reply_types;
use crate::time::Time;

/// Defines the setters of the data that `Subscribe` and `SubscribeOptions` share.
macro_rules! data_setters {
    () => {
        payload_setters! {
            /// Sets the data that the client receives with the subscription.
            data, data_bytes
        }
    };
}

/// Defines the setters of the info that `Subscribe` and `SubscribeOptions` share.
macro_rules! info_setters {
    () => {
        payload_setters! {
            /// Sets the info that other clients see in the channel's presence, in its join and leave messages, and in
            /// publications of this client.
            info, info_bytes
        }
    };
}

/// Defines the other setters that `Subscribe` and `SubscribeOptions` share.
macro_rules! option_setters {
    () => {
        /// Sets the time at which the subscription expires. Centrifugo then sends a
        /// [`#[sub_refresh]`](macro@crate::sub_refresh) event.
        ///
        /// The time is a [`SystemTime`](std::time::SystemTime) or a [`Time`]. By default the subscription never
        /// expires. A time that is not in the future makes the answer an internal error.
        pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
            self.expiry = Expiry::at(time);
            self
        }

        /// Sets the time until the subscription expires, from now on; see [`expires_at`](Self::expires_at).
        pub fn expires_in(self, duration: Duration) -> Self {
            self.expires_at(Time::after(duration))
        }

        /// Sets a filter of publications by their tags. The open-source server ignores it as of v6.9.
        pub fn server_tags_filter(mut self, filter: FilterNode) -> Self {
            self.result.server_tags_filter = Some(filter);
            self
        }

        /// Overrides whether the client is in the channel's presence.
        pub fn presence(mut self, on: bool) -> Self {
            self.overrides().presence = Some(BoolValue { value: on });
            self
        }

        /// Overrides whether join and leave messages of the client are published.
        pub fn join_leave(mut self, on: bool) -> Self {
            self.overrides().join_leave = Some(BoolValue { value: on });
            self
        }

        /// Overrides whether the client recovers missed publications.
        pub fn force_recovery(mut self, on: bool) -> Self {
            self.overrides().force_recovery = Some(BoolValue { value: on });
            self
        }

        /// Overrides whether Centrifugo checks the client's position in the stream.
        pub fn force_positioning(mut self, on: bool) -> Self {
            self.overrides().force_positioning = Some(BoolValue { value: on });
            self
        }

        /// Overrides whether join and leave messages of other clients are pushed to the client.
        pub fn force_push_join_leave(mut self, on: bool) -> Self {
            self.overrides().force_push_join_leave = Some(BoolValue { value: on });
            self
        }

        fn overrides(&mut self) -> &mut SubscribeOptionOverride {
            self.result.r#override.get_or_insert_default()
        }
    };
}

/// Allows a subscription.
///
/// The methods of the builder never fail. A value that can't be serialized, or bytes that the client could not read,
/// make the answer an internal error. A handler refuses the event by returning an error in a `Result`.
///
/// Options that are not set have the value of the channel's namespace in Centrifugo's configuration.
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::subscribe(channel = "news:*")]
/// fn news(UserId(user): UserId) -> Result<reply::Subscribe, Error> {
///     if user == "mallory" {
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
///
/// # The types of the data and of the info
///
/// In `reply::Subscribe<T, I>`, `T` is the type of the data that the client receives, which [`typed`](Self::typed) sets. `I` is the type of
/// the info that other clients of the channel see, which [`typed_info`](Self::typed_info) sets. Either type can be [`Untyped`]. With the feature
/// `schema` the description of the program has the types, and so has the TypeScript client.
#[must_use]
pub struct Subscribe<T = Untyped, I = Untyped> {
    result: SubscribeResult,
    expiry: Expiry,
    info: Payload,
    data: Payload,
    types: PhantomData<fn() -> (T, I)>,
}

impl Subscribe {
    /// Allows the subscription, with the namespace's options.
    pub fn allow() -> Self {
        Self {
            result: SubscribeResult::default(),
            expiry: Expiry::default(),
            info: Payload::default(),
            data: Payload::default(),
            types: PhantomData,
        }
    }
}

impl<I> Subscribe<Untyped, I> {
    data_setters!();

    /// Sets the data that the client receives with the subscription, and makes its type a part of the reply's type.
    ///
    /// ```
    /// use centrifugo::reply;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Welcome {
    ///     unread: u32,
    /// }
    ///
    /// #[centrifugo::subscribe(channel = "news:*")]
    /// fn news() -> reply::Subscribe<Welcome> {
    ///     reply::Subscribe::allow().presence(true).typed(&Welcome { unread: 2 })
    /// }
    /// ```
    pub fn typed<T: Serialize>(mut self, data: &T) -> Subscribe<T, I> {
        self.data = Payload::json(data);
        self.retyped()
    }
}

impl<T> Subscribe<T, Untyped> {
    info_setters!();

    /// Sets the [`info`](Self::info) that other clients see, and makes its type a part of the reply's type.
    ///
    /// ```
    /// use centrifugo::reply::{self, Untyped};
    ///
    /// #[derive(serde::Serialize)]
    /// struct Role {
    ///     is_moderator: bool,
    /// }
    ///
    /// #[centrifugo::subscribe(channel = "chat:*")]
    /// fn join() -> reply::Subscribe<Untyped, Role> {
    ///     reply::Subscribe::allow().presence(true).typed_info(&Role { is_moderator: true })
    /// }
    /// ```
    pub fn typed_info<I: Serialize>(mut self, info: &I) -> Subscribe<T, I> {
        self.info = Payload::json(info);
        self.retyped()
    }
}

impl<T, I> Subscribe<T, I> {
    /// Changes the types of the data and of the info. The reply itself stays as it is.
    fn retyped<D, N>(self) -> Subscribe<D, N> {
        Subscribe {
            result: self.result,
            expiry: self.expiry,
            info: self.info,
            data: self.data,
            types: PhantomData,
        }
    }

    /// Adds capabilities of the client in the channel (Centrifugo PRO).
    pub fn allow_capabilities<C: IntoIterator<Item: Into<String>>>(mut self, capabilities: C) -> Self {
        self.result.allow.extend(capabilities.into_iter().map(Into::into));
        self
    }

    option_setters!();
}

#[diagnostic::do_not_recommend]
impl<T, I> SubscribeReply for Subscribe<T, I> {
    reply_types!(Value T, info I);

    fn into_result(self, client: Protocol) -> Result<SubscribeResult, Error> {
        let mut result = self.result;
        result.expire_at = self.expiry.finish("reply::Subscribe")?;
        result.info = self.info.finish("info", client)?;
        result.data = self.data.finish("data", client)?;
        Ok(result)
    }
}

impl<T, I> fmt::Debug for Subscribe<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe")
            .field("result", &self.result)
            .field("expiry", &self.expiry)
            .field("info", &self.info)
            .field("data", &self.data)
            .finish()
    }
}

/// Options of a server-side subscription, for [`Connect::subscribe`](super::Connect::subscribe).
///
/// Options that are not set have the value of the channel's namespace. A time of expiry that is not in the future makes
/// the answer to the connect event an internal error.
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
    expiry: Expiry,
    info: Payload,
    data: Payload,
}

impl SubscribeOptions {
    /// Creates options that do not change those of the namespace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends the latest publication with the subscription (cache recovery mode).
    pub fn cache_recover(mut self) -> Self {
        self.result.cache_recover = true;
        self
    }

    data_setters!();

    info_setters!();

    option_setters!();

    pub(super) fn finish(self, client: Protocol) -> Result<proxy::SubscribeOptions, Error> {
        let mut result = self.result;
        result.expire_at = self.expiry.finish("reply::SubscribeOptions")?;
        result.info = self.info.finish("info", client)?;
        result.data = self.data.finish("data", client)?;
        Ok(result)
    }
}
