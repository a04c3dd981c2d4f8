//! Replies to refresh and sub_refresh events.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use centrifugo_proto::proxy::{ChannelsCapability, RefreshResult, SubRefreshResult};
use serde::Serialize;

use super::expiry::Expiry;
use super::payload::Payload;
use super::reply_traits::{RefreshReply, SubRefreshReply};
use super::untyped::Untyped;
use crate::error::Error;
use crate::handler::Protocol;
use crate::schema::reply_types;
use crate::time::Time;

/// Defines one of the two replies.
macro_rules! refresh_reply {
    ($(#[$doc:meta])* $reply:ident, $result:ident, $what:literal, $attribute:literal) => {
        $(#[$doc])*
        ///
        /// # The type of the info
        ///
        #[doc = concat!("A handler that returns `reply::", stringify!($reply), "<I>` sets an `I` as the info that other clients see,")]
        /// with [`typed_info`](Self::typed_info), or keeps the info as it is, with [`keep_info`](Self::keep_info). With the feature
        /// `schema` the description of the program then has the type, and so has the TypeScript client.
        ///
        /// ```
        /// use std::time::Duration;
        /// use centrifugo::reply;
        ///
        /// #[derive(serde::Serialize)]
        /// struct Card {
        ///     name: &'static str,
        /// }
        ///
        #[doc = concat!("#[centrifugo::", $attribute, "]")]
        #[doc = concat!("fn refresh() -> reply::", stringify!($reply), "<Card> {")]
        #[doc = concat!("    let extended = reply::", stringify!($reply), "::extend_by(Duration::from_secs(3600));")]
        ///     extended.typed_info(&Card { name: "Ann" })
        /// }
        /// ```
        #[must_use]
        pub struct $reply<I = Untyped> {
            result: $result,
            expiry: Expiry,
            info: Payload,
            meta: Payload,
            info_type: PhantomData<fn() -> I>,
        }

        impl $reply {
            #[doc = concat!("Extends the ", $what, " to this time.")]
            ///
            /// The time is a [`SystemTime`](std::time::SystemTime) or a [`Time`]. A time that is not in the future
            /// makes the answer an internal error.
            pub fn extend_to(time: impl Into<Time>) -> Self {
                Self::new($result::default(), Expiry::at(time))
            }

            #[doc = concat!("Extends the ", $what, " by this duration, from now on.")]
            pub fn extend_by(duration: Duration) -> Self {
                Self::extend_to(Time::after(duration))
            }

            #[doc = concat!("Ends the ", $what, ".")]
            pub fn expired() -> Self {
                Self::new($result { expired: true, ..Default::default() }, Expiry::default())
            }

            fn new(result: $result, expiry: Expiry) -> Self {
                Self { result, expiry, info: Payload::default(), meta: Payload::default(), info_type: PhantomData }
            }

            payload_setters! {
                /// Sets the info that other clients see of this client.
                info, info_bytes
            }

            /// Sets the [`info`](Self::info) that other clients see, and makes its type a part of the reply's type.
            pub fn typed_info<I: Serialize>(mut self, info: &I) -> $reply<I> {
                self.info = Payload::json(info);
                self.retyped()
            }

            /// Leaves the info as it is, in a handler that sets a [`typed_info`](Self::typed_info) in other replies.
            pub fn keep_info<I>(mut self) -> $reply<I> {
                self.info = Payload::default();
                self.retyped()
            }

            /// Changes the type of the info. The reply itself stays as it is.
            fn retyped<I>(self) -> $reply<I> {
                $reply {
                    result: self.result,
                    expiry: self.expiry,
                    info: self.info,
                    meta: self.meta,
                    info_type: PhantomData,
                }
            }
        }

        impl<I> $reply<I> {
            /// Returns the result without the meta, and the meta.
            fn finish(self, client: Protocol) -> Result<($result, Payload), Error> {
                let mut result = self.result;
                result.expire_at = self.expiry.finish(concat!("reply::", stringify!($reply)))?;
                result.info = self.info.finish("info", client)?;
                Ok((result, self.meta))
            }
        }

        impl<I> fmt::Debug for $reply<I> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($reply))
                    .field("result", &self.result)
                    .field("expiry", &self.expiry)
                    .field("info", &self.info)
                    .field("meta", &self.meta)
                    .finish()
            }
        }
    };
}

refresh_reply! {
    /// Extends a connection, or ends it.
    ///
    /// A value that can't be serialized makes the answer an internal error. So does a time that is not in the future,
    /// because Centrifugo would close the connection immediately (code 3005).
    ///
    /// A handler can return a `Result` of it. Centrifugo ignores errors in this answer. A temporary or internal error
    /// therefore fails the call, and Centrifugo keeps the connection for 60 s and asks again. Any other error and a
    /// disconnect end the connection.
    ///
    /// ```standalone_crate
    /// use std::time::Duration;
    /// use centrifugo::testing::TestClient;
    /// use centrifugo::{Error, UserId, reply};
    ///
    /// #[centrifugo::refresh]
    /// fn refresh(UserId(user): UserId) -> Result<reply::Refresh, Error> {
    ///     match user.as_str() {
    ///         "ann" => Ok(reply::Refresh::extend_by(Duration::from_secs(3600))),
    ///         "bob" => Ok(reply::Refresh::expired()),
    ///         "eve" => Err(Error::permission_denied()),
    ///         _ => Err(Error::internal("the database is down")),
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), centrifugo::BoxError> {
    /// let t = TestClient::builder().build().await?;
    /// assert!(t.refresh().user("ann").await.result().is_some_and(|result| result.expire_at > 0));
    /// assert!(t.refresh().user("bob").await.result().is_some_and(|result| result.expired));
    /// assert!(t.refresh().user("eve").await.result().is_some_and(|result| result.expired));
    /// assert_eq!(t.refresh().user("x").await.client_sees(), "nothing: 60 s of grace, then asked again");
    /// # Ok(())
    /// # }
    /// ```
    Refresh, RefreshResult, "connection", "refresh"
}

refresh_reply! {
    /// Extends a subscription, or ends it.
    ///
    /// A value that can't be serialized makes the answer an internal error. So does a time that is not in the future,
    /// because Centrifugo would end the subscription, or never refresh it again.
    ///
    /// A handler can return a `Result` of it. Centrifugo ignores errors in this answer. A temporary or internal error
    /// therefore fails the call, and Centrifugo keeps the subscription for 60 s and asks again. Any other error and a
    /// disconnect end the subscription.
    ///
    /// ```standalone_crate
    /// use std::time::Duration;
    /// use centrifugo::testing::TestClient;
    /// use centrifugo::{Error, UserId, reply};
    ///
    /// #[centrifugo::sub_refresh(channel = "news:*")]
    /// fn refresh(UserId(user): UserId) -> Result<reply::SubRefresh, Error> {
    ///     match user.as_str() {
    ///         "ann" => Ok(reply::SubRefresh::extend_by(Duration::from_secs(3600))),
    ///         "bob" => Ok(reply::SubRefresh::expired()),
    ///         "eve" => Err(Error::permission_denied()),
    ///         _ => Err(Error::internal("the database is down")),
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), centrifugo::BoxError> {
    /// let t = TestClient::builder().build().await?;
    /// assert!(t.sub_refresh("news:1").user("ann").await.result().is_some_and(|result| result.expire_at > 0));
    /// assert!(t.sub_refresh("news:1").user("bob").await.result().is_some_and(|result| result.expired));
    /// assert!(t.sub_refresh("news:1").user("eve").await.result().is_some_and(|result| result.expired));
    /// assert_eq!(t.sub_refresh("news:1").user("x").await.client_sees(), "nothing: 60 s of grace, then asked again");
    /// # Ok(())
    /// # }
    /// ```
    SubRefresh, SubRefreshResult, "subscription", "sub_refresh(channel = \"news:*\")"
}

impl<I> Refresh<I> {
    /// Replaces the meta of the connection.
    pub fn meta<T: Serialize + ?Sized>(mut self, meta: &T) -> Self {
        self.meta = Payload::json(meta);
        self
    }

    /// Adds capabilities of the client in channels (Centrifugo PRO).
    pub fn capability(mut self, capability: ChannelsCapability) -> Self {
        self.result.caps.push(capability);
        self
    }
}

#[diagnostic::do_not_recommend]
impl<I> RefreshReply for Refresh<I> {
    reply_types!(info I);

    fn into_result(self, client: Protocol) -> Result<RefreshResult, Error> {
        let (mut result, meta) = self.finish(client)?;
        result.meta = meta.finish("meta", Protocol { is_json: true })?;
        Ok(result)
    }
}

#[diagnostic::do_not_recommend]
impl<I> SubRefreshReply for SubRefresh<I> {
    reply_types!(info I);

    fn into_result(self, client: Protocol) -> Result<SubRefreshResult, Error> {
        self.finish(client).map(|(result, _)| result)
    }
}
