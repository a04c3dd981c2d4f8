//! The reply to subscribe_stream events.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use centrifugo_proto::proxy;

use super::publication::{IntoPublication, IntoTypedPublication};
use super::reply_traits::{SubscribeReply, SubscribeStreamReply};
use super::subscribe::Subscribe;
use super::untyped::Untyped;
use crate::error::Error;
use crate::event::OpenedStream;
use crate::handler::Protocol;
use crate::schema::reply_types;

/// Allows a subscription, and then sends the client a stream of publications.
///
/// Centrifugo opens streams over gRPC only, and RoadRunner does not deliver them. The handler's time limit applies
/// until the handler returns. The stream is polled as fast as the client receives publications, and is dropped when the
/// client unsubscribes. At the end of the stream, Centrifugo v6.9 does this:
///
/// | the stream | the client |
/// |---|---|
/// | ends | is unsubscribed (code 2000) and does not subscribe again |
/// | yields an error, or panics | is unsubscribed (code 2500, "insufficient state") and subscribes again |
///
/// A handler can return a `Result` of it. Centrifugo v6.9 does not read whether an error is temporary, so the client
/// tries again after an internal error only.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json, UserId, reply};
///
/// #[centrifugo::subscribe_stream(channel = "countdown:{from}")]
/// fn countdown(from: u32, UserId(user): UserId) -> Result<reply::Stream, Error> {
///     if from > 100 {
///         return Err(Error::permission_denied());
///     }
///     let numbers = tokio_stream::iter((0..=from).rev().map(Json));
///     Ok(reply::Stream::new(reply::Subscribe::allow().data(&user), numbers))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let mut stream = t.subscribe_stream("countdown:1").user("ann").open_one_way().await;
/// assert_eq!(stream.next_json::<u32>().await?, 1);
/// assert_eq!(stream.next_json::<u32>().await?, 0);
/// assert!(stream.next().await.is_none() && stream.failure().is_none());
/// let answer = t.subscribe_stream("countdown:101").user("ann").await;
/// assert_eq!(answer.client_sees(), "error 103: permission denied");
/// # Ok(())
/// # }
/// ```
///
/// # Channel types
///
/// A handler of a [channel type](macro@crate::channel) with `publication = T` returns `reply::Stream<T>`, which
/// [`typed`](Self::typed) makes.
///
/// # The type of the answer
///
/// The second type is that of the answer: `reply::Subscribe` if the return type does not name another one. So an answer with
/// types of its own data and info is a part of the reply's type, and of the program's description with the feature `schema`.
///
/// ```
/// use centrifugo::reply::{self, Untyped};
/// use centrifugo::Json;
///
/// #[derive(serde::Serialize)]
/// struct Welcome {
///     unread: u32,
/// }
///
/// #[centrifugo::subscribe_stream(channel = "ticks")]
/// fn ticks() -> reply::Stream<Untyped, reply::Subscribe<Welcome>> {
///     let answer = reply::Subscribe::allow().typed(&Welcome { unread: 2 });
///     reply::Stream::new(answer, tokio_stream::iter([Json(1), Json(2)]))
/// }
/// ```
#[must_use]
pub struct Stream<T = Untyped, A = Subscribe> {
    open: Box<dyn FnOnce(Protocol) -> Result<OpenedStream, Error> + Send>,
    types: PhantomData<fn() -> (T, A)>,
}

impl<A: SubscribeReply + Send + 'static> Stream<Untyped, A> {
    /// Creates a reply from the answer to the subscription and the publications that follow it.
    ///
    /// The answer can be any reply of a `subscribe` handler. As of v6.9, Centrifugo reads its info, data, time of
    /// expiry, and the overrides of presence and of join and leave messages.
    pub fn new<S>(answer: A, publications: S) -> Self
    where
        S: futures_core::Stream<Item: IntoPublication> + Send + 'static,
    {
        Self::open(answer, publications, IntoPublication::into_publication)
    }
}

impl<T, A: SubscribeReply + Send + 'static> Stream<T, A> {
    /// Creates a reply for a channel type from the answer to the subscription and the publications that follow it.
    ///
    /// The stream yields `T`, `Json<T>`, [`Publication::typed`](super::Publication::typed), or a `Result` of these.
    pub fn typed<S>(answer: A, publications: S) -> Self
    where
        S: futures_core::Stream<Item: IntoTypedPublication<T>> + Send + 'static,
    {
        Self::open(answer, publications, IntoTypedPublication::into_typed_publication)
    }

    fn open<S>(answer: A, publications: S, convert: Convert<S::Item>) -> Self
    where
        S: futures_core::Stream + Send + 'static,
        S::Item: 'static,
    {
        let open = move |client| {
            let result = answer.into_result(client)?;
            let publications = EncodedPublications {
                stream: Box::pin(publications),
                client,
                convert,
            };
            Ok(OpenedStream::new(result, Box::pin(publications)))
        };
        Self {
            open: Box::new(open),
            types: PhantomData,
        }
    }
}

impl<T, A> fmt::Debug for Stream<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<T, A: SubscribeReply> SubscribeStreamReply for Stream<T, A> {
    reply_types!(Publication T, answer A);

    fn into_result(self, client: Protocol) -> Result<OpenedStream, Error> {
        (self.open)(client)
    }
}

/// Converts an item of a stream.
type Convert<I> = fn(I, Protocol) -> Result<proxy::Publication, Error>;

/// The handler's stream, with its items converted into messages.
struct EncodedPublications<S: futures_core::Stream> {
    stream: Pin<Box<S>>,
    client: Protocol,
    convert: Convert<S::Item>,
}

impl<S: futures_core::Stream> futures_core::Stream for EncodedPublications<S> {
    type Item = Result<proxy::Publication, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let (client, convert) = (self.client, self.convert);
        let next = self.stream.as_mut().poll_next(cx);
        next.map(|item| item.map(|publication| convert(publication, client)))
    }
}
