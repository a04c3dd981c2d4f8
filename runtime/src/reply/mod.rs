//! What a handler can return.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde::Serialize;

use crate::adapter::Reply;
use crate::error::{Error, ReplyError};
use crate::event::{EventKind, Opening};
use crate::extract::Data;

#[macro_use]
mod setters;

/// Types that events say themselves how they are answered with.
macro_rules! replies {
    ($($reply:ty),*) => {$(
        impl<K: $crate::reply::AnsweredBy<Self>> $crate::reply::IntoReply<K> for $reply {
            fn into_reply(self, client: $crate::reply::Client) -> Result<K::Reply, $crate::error::Error> {
                K::result(self, client)
            }
        }
    )*};
}

mod cache_empty;
mod connect;
mod map;
mod message;
mod nothing;
mod publication;
mod publish;
mod refresh;
mod rpc;
mod shared_poll;
mod stream;
mod subscribe;

pub use cache_empty::CacheEmpty;
pub use connect::Connect;
pub use map::{MapPublish, MapRemove};
pub use publication::{IntoPublication, Publication};
pub use publish::Publish;
pub use refresh::{Refresh, SubRefresh};
pub use shared_poll::SharedPoll;
pub use stream::Stream;
pub use subscribe::{Subscribe, SubscribeOptions};

replies!(
    CacheEmpty, Connect, Data, MapPublish, MapRemove, Opening, Publish, Refresh, SharedPoll, Stream,
    SubRefresh, Subscribe
);

/// How the client of the event reads data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// Whether it is on the JSON protocol, so that other bytes would close it for good.
    pub json: bool,
}

/// A type that a handler of kind `K` can return.
///
#[doc = include_str!("../../docs/tables/replies.md")]
///
/// A `Result` of each is one too, where the error is [`Error`] or derives [`ReplyError`](trait@crate::ReplyError).
/// `Protobuf<T>` needs the feature `protobuf`. `()` is no reply where it would allow something: a handler that returns
/// early must not do so by accident. The messages of [`proto`](crate::proto) are taken as they are, unchecked.
#[diagnostic::on_unimplemented(
    message = "a `{K}` handler can't return `{Self}`",
    label = "not a reply to `{K}` events",
    note = "connect returns `reply::Connect`, refresh `reply::Refresh`, subscribe `reply::Subscribe`, publish `reply::Publish`, sub_refresh `reply::SubRefresh`, rpc `Json<T>`, `Data`, `Protobuf<T>` or `()`, notify_channel_state `()`, notify_cache_empty `reply::CacheEmpty` or `()`, map_publish `reply::MapPublish`, map_remove `reply::MapRemove`, shared_poll_refresh `reply::SharedPoll`, subscribe_stream `reply::Stream`; each its result message, or a `Result` of one"
)]
pub trait IntoReply<K: EventKind>: Sized {
    #[doc(hidden)]
    const REPLY: Reply<K, Self> = Reply::INTO;

    /// The result of the answer, and for a stream what follows it.
    ///
    /// # Errors
    ///
    /// What the client gets instead.
    fn into_reply(self, client: Client) -> Result<K::Reply, Error>;
}

/// Events that are answered with an `R`.
///
/// Replies are taken by the event that they are for, so that the compiler can say which events those are.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` handler can't return `{R}`: connect returns `reply::Connect`, refresh `reply::Refresh`, subscribe `reply::Subscribe`, publish `reply::Publish`, sub_refresh `reply::SubRefresh`, rpc `Json<T>`, `Data`, `Protobuf<T>` or `()`, notify_channel_state `()`, notify_cache_empty `reply::CacheEmpty` or `()`, map_publish `reply::MapPublish`, map_remove `reply::MapRemove`, shared_poll_refresh `reply::SharedPoll`, subscribe_stream `reply::Stream`; each its result message, or a `Result` of one"
)]
pub trait AnsweredBy<R>: EventKind {
    /// The result of the answer.
    ///
    /// # Errors
    ///
    /// What the client gets instead.
    fn result(reply: R, client: Client) -> Result<Self::Reply, Error>;
}

impl<K: EventKind, R: IntoReply<K>, E: ReplyError> IntoReply<K> for Result<R, E> {
    fn into_reply(self, client: Client) -> Result<K::Reply, Error> {
        self.map_err(E::into_error)?.into_reply(client)
    }
}

/// A moment in whole Unix seconds, as Centrifugo has it. [`SystemTime`] and integers turn into it.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use centrifugo::reply::Time;
///
/// assert_eq!(Time::from(UNIX_EPOCH + Duration::from_millis(2_900)), Time::from(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// The moment that is this long from now.
    pub fn after(duration: Duration) -> Self {
        SystemTime::now()
            .checked_add(duration)
            .map_or(Self(i64::MAX), Self::from)
    }

    /// Unix seconds.
    pub fn unix_seconds(self) -> i64 {
        self.0
    }
}

impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        Self(match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(error) => i64::try_from(error.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
        })
    }
}

impl From<i64> for Time {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}

/// Bytes that a reply carries: serialized when the builder took them, with the failure kept for the answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payload(Option<Result<Raw, String>>);

#[derive(Clone, Debug)]
struct Raw {
    bytes: Bytes,
    is_json: bool,
}

impl Payload {
    pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        Self(Some(match serde_json::to_vec(value) {
            Ok(bytes) => Ok(Raw {
                bytes: bytes.into(),
                is_json: true,
            }),
            Err(error) => Err(error.to_string()),
        }))
    }

    pub(crate) fn bytes(bytes: Bytes, is_json: bool) -> Self {
        Self(Some(Ok(Raw { bytes, is_json })))
    }

    /// The bytes, or an internal error where the client could not read them.
    pub(crate) fn finish(self, what: &str, client: Client) -> Result<Bytes, Error> {
        match self.0 {
            None => Ok(Bytes::new()),
            Some(Err(error)) => Err(Error::internal(format!(
                "the {what} of the reply can't be serialized: {error}"
            ))),
            Some(Ok(raw)) => {
                if client.json && !raw.is_json && !raw.bytes.is_empty() {
                    check_json(&raw.bytes, what)?;
                }
                Ok(raw.bytes)
            }
        }
    }
}

pub(crate) fn check_json(bytes: &[u8], what: &str) -> Result<(), Error> {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).map(drop).map_err(|error| {
        Error::internal(format!(
            "the {what} of the reply is not JSON, but the client is on the JSON protocol and would be closed for good: {error}"
        ))
    })
}
