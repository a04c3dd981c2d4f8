//! The `Incoming` extractor: the publications of a client in a two-way stream.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use centrifugo_proto::proxy::StreamSubscribeRequest;
use futures_core::Stream;
use prost::Message;

use super::data::Data;
use super::incoming_publication::{FromIncoming, IncomingPublication};
use super::option::OptionalFromEvent;
use crate::error::Error;
use crate::event::markers;
use crate::handler::{ClientStream, Extracted, FromEvent, StateNeed, TypedEvent};
#[cfg(feature = "schema")]
use crate::schema::ArgumentTypes;

/// The stream of the client's publications, for `subscribe_stream` handlers.
///
/// The stream ends when the client's side ends, or when the stream that the handler returned ends. Publications are not
/// buffered: while the handler does not read, flow control makes Centrifugo wait. If the handler does not take an
/// `Incoming`, or drops it, publications are discarded.
///
/// A publication that can't be decoded ends the stream with a failure. A handler that takes two `Incoming` fails with
/// an internal error.
///
/// In a one-way stream (`subscribe_stream_proxy_bidirectional` is off in Centrifugo) `Incoming` is empty, and
/// `Option<Incoming>` is `None`. An empty `Incoming` does not end a one-way stream.
///
/// `Incoming<T>` yields the JSON of each publication as a `Result<T, Error>`. If the data does not fit `T`, the error is 107 (bad
/// request), as for the [`Json`](crate::Json) of a publish handler, and `Incoming` goes on. The handler decides what follows. If the
/// handler's stream yields the error, the subscription ends and the client subscribes again.
///
/// ```standalone_crate
/// use centrifugo::extract::Incoming;
/// use centrifugo::testing::TestClient;
/// use centrifugo::reply;
/// use serde::{Deserialize, Serialize};
/// use tokio_stream::StreamExt;
///
/// #[derive(Deserialize)]
/// struct NewLine {
///     text: String,
/// }
///
/// #[derive(Deserialize, Serialize)]
/// struct Line {
///     text: String,
///     by: String,
/// }
///
/// #[centrifugo::channel("chat:{room}", publication = Line)]
/// struct Chat {
///     room: u32,
/// }
///
/// #[centrifugo::subscribe_stream(channel = Chat)]
/// fn chat(_chat: Chat, lines: Incoming<NewLine>) -> reply::Stream<Line> {
///     let lines = lines.filter_map(|line| line.ok()).map(|line| Line { text: line.text, by: "ann".to_owned() });
///     reply::Stream::typed(reply::Subscribe::allow(), lines)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let mut stream = t.subscribe_stream("chat:1").open().await;
/// stream.send_json(&7);
/// stream.send_json(&serde_json::json!({ "text": "hello" }));
/// let line: serde_json::Value = stream.next_json().await?;
/// assert_eq!(line["text"], "hello");
/// # Ok(())
/// # }
/// ```
///
/// `Incoming` without a type yields each publication as an [`IncomingPublication`], with its bytes:
///
/// ```
/// use centrifugo::extract::Incoming;
/// use centrifugo::{Error, reply};
/// use tokio_stream::StreamExt;
///
/// #[centrifugo::subscribe_stream(channel = "echo:*")]
/// fn echo(incoming: Incoming) -> reply::Stream {
///     let loud = incoming.map(|publication| {
///         let text: String = publication.json()?;
///         Ok::<_, Error>(reply::Publication::json(&text.to_uppercase()))
///     });
///     reply::Stream::new(reply::Subscribe::allow(), loud)
/// }
/// ```
pub struct Incoming<T = IncomingPublication> {
    link: ClientStream,
    value: PhantomData<fn() -> T>,
}

impl<T: FromIncoming> Incoming<T> {
    /// Waits for the next publication. Returns `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<T::Item> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<T: FromIncoming> Stream for Incoming<T> {
    type Item = T::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(message) = ready!(self.link.poll_message(cx)) else {
            return Poll::Ready(None);
        };
        match StreamSubscribeRequest::decode(message) {
            Ok(message) => {
                let Some(publication) = message.publication else {
                    // The message has no publication. The task yields before it reads the next message.
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                };
                let data = Data::of_client(publication.data);
                let publication = IncomingPublication::new(data, publication.tags);
                Poll::Ready(Some(T::from_incoming(publication)))
            }
            Err(error) => {
                self.link
                    .end(Err(format!("a message of the client can't be decoded: {error}")));
                Poll::Ready(None)
            }
        }
    }
}

impl<T> Drop for Incoming<T> {
    fn drop(&mut self) {
        self.link.release();
    }
}

impl<T: FromIncoming + 'static> FromEvent<markers::SubscribeStream> for Incoming<T> {
    const STATES: &'static [StateNeed] = &[StateNeed::CLIENT_STREAM];
    #[cfg(feature = "schema")]
    const TYPES: ArgumentTypes = ArgumentTypes::of::<T>(T::ROLE);

    fn from_event(event: &TypedEvent<markers::SubscribeStream>) -> Extracted<'_, Self> {
        let link = event
            .extensions()
            .get::<ClientStream>()
            .map_or_else(|| ClientStream::new(None), |link| ClientStream::clone(&link));
        Extracted::Now(if link.take() {
            Ok(Self {
                link,
                value: PhantomData,
            })
        } else {
            Err(Error::internal("the handler takes two `Incoming`"))
        })
    }
}

impl<T: FromIncoming + 'static> OptionalFromEvent<markers::SubscribeStream> for Incoming<T> {
    fn is_present(event: &TypedEvent<markers::SubscribeStream>) -> bool {
        event
            .extensions()
            .get::<ClientStream>()
            .is_some_and(|link| link.is_two_way())
    }
}

impl<T> fmt::Debug for Incoming<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("is_two_way", &self.link.is_two_way())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Metadata, State};
    use crate::handler::OtherNeed;

    type Stream = markers::SubscribeStream;
    type Alias<T> = Result<T, Error>;
    type Client = Incoming;

    #[derive(centrifugo_macros::FromEvent)]
    #[from_event(crate = crate)]
    #[allow(dead_code, reason = "only its type is used")]
    struct Group {
        metadata: Metadata,
        client: Alias<Client>,
    }

    fn reads_client_stream<X: FromEvent<Stream>>() -> bool {
        StateNeed::include(&[StateNeed::all(X::STATES)], OtherNeed::ClientStream)
    }

    #[test]
    fn finds_incoming_behind_aliases_and_in_other_extractors() {
        assert!(reads_client_stream::<Client>());
        assert!(reads_client_stream::<Option<Client>>());
        assert!(reads_client_stream::<Alias<Client>>());
        assert!(reads_client_stream::<Group>());
        assert!(reads_client_stream::<Option<Incoming<u32>>>());
        assert!(!reads_client_stream::<Metadata>());
        assert!(!reads_client_stream::<State<Client>>());
    }
}
