//! Replies to refreshes of a connection and of a subscription.

use std::time::Duration;

use centrifugo_proto::proxy::{ChannelsCapability, RefreshResult, SubRefreshResult};
use serde::Serialize;

use super::payload::Payload;
use super::reply_traits::{RefreshReply, SubRefreshReply};
use crate::error::Error;
use crate::handler::Protocol;
use crate::time::Time;

macro_rules! refresh {
    ($(#[$doc:meta])* $reply:ident, $kind:ident, $result:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[must_use]
        pub struct $reply {
            result: $result,
            info: Payload,
            meta: Payload,
        }

        impl $reply {
            #[doc = concat!("The ", $what, " goes on until this time. One that is not after 1970 makes the answer an internal error.")]
            pub fn extend_to(time: impl Into<Time>) -> Self {
                let result = $result { expire_at: time.into().unix_seconds(), ..Default::default() };
                Self { result, info: Payload::default(), meta: Payload::default() }
            }

            /// The same from now.
            pub fn extend_by(duration: Duration) -> Self {
                Self::extend_to(Time::after(duration))
            }

            #[doc = concat!("The ", $what, " ends.")]
            pub fn expired() -> Self {
                Self { result: $result { expired: true, ..Default::default() }, info: Payload::default(), meta: Payload::default() }
            }

            payload! {
                /// What other clients see of this one.
                info, info_bytes
            }

            fn base(self, client: Protocol) -> Result<($result, Payload), Error> {
                let mut result = self.result;
                if !result.expired && result.expire_at <= 0 {
                    return Err(Error::internal(concat!("`reply::", stringify!($reply), "::extend_to` has no time after 1970")));
                }
                result.info = self.info.finish("info", client)?;
                Ok((result, self.meta))
            }
        }
    };
}

refresh! {
    /// Extends a connection, or ends it.
    ///
    /// Times are Unix seconds, or a `SystemTime`; one that is not after 1970 makes the answer an internal error, since
    /// Centrifugo would close the connection at once (code 3005). So does a value that can't be serialized.
    ///
    /// A handler may return a `Result` of it. Centrifugo reads no error here: what is temporary or internal gives the
    /// client 60 s of grace, any other error, and a disconnect, end the connection.
    ///
    /// ```standalone_crate
    /// use std::time::Duration;
    /// use centrifugo::testing::TestClient;
    /// use centrifugo::{Error, UserId, reply};
    ///
    /// #[centrifugo::refresh]
    /// fn again(user: UserId) -> Result<reply::Refresh, Error> {
    ///     match &*user {
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
    Refresh, Refresh, RefreshResult, "connection"
}

refresh! {
    /// Extends a subscription, or ends it.
    ///
    /// Times are Unix seconds, or a `SystemTime`; one that is not after 1970 makes the answer an internal error, since
    /// Centrifugo would never ask again. So does a value that can't be serialized.
    ///
    /// A handler may return a `Result` of it. Centrifugo reads no error here: what is temporary or internal gives the
    /// client 60 s of grace, any other error, and a disconnect, end the subscription.
    ///
    /// ```standalone_crate
    /// use std::time::Duration;
    /// use centrifugo::testing::TestClient;
    /// use centrifugo::{Error, UserId, reply};
    ///
    /// #[centrifugo::sub_refresh(channel = "news:*")]
    /// fn again(user: UserId) -> Result<reply::SubRefresh, Error> {
    ///     match &*user {
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
    SubRefresh, SubRefresh, SubRefreshResult, "subscription"
}

impl Refresh {
    /// New meta of the connection.
    pub fn meta<T: Serialize + ?Sized>(mut self, meta: &T) -> Self {
        self.meta = Payload::json(meta);
        self
    }

    /// What the client may do in channels (Centrifugo PRO).
    pub fn capability(mut self, capability: ChannelsCapability) -> Self {
        self.result.caps.push(capability);
        self
    }
}

#[diagnostic::do_not_recommend]
impl RefreshReply for Refresh {
    fn into_result(self, client: Protocol) -> Result<RefreshResult, Error> {
        let (mut result, meta) = self.base(client)?;
        result.meta = meta.finish("meta", Protocol { json: true })?;
        Ok(result)
    }
}

#[diagnostic::do_not_recommend]
impl SubRefreshReply for SubRefresh {
    fn into_result(self, client: Protocol) -> Result<SubRefreshResult, Error> {
        self.base(client).map(|(result, _)| result)
    }
}
