//! The `Incoming` extractor: the publications of a client in a two-way stream.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use centrifugo_proto::proxy::StreamSubscribeRequest;
use futures_core::Stream;
use prost::Message;
use serde::de::DeserializeOwned;

use super::data::Data;
use super::option::OptionalFromEvent;
use crate::error::{Error, parse};
use crate::event::markers;
use crate::handler::{ClientStream, Extracted, FromEvent, StateNeed, TypedEvent};

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
pub struct Incoming {
    link: ClientStream,
}

/// A publication that a client sent into a two-way stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomingPublication {
    /// The data that the client published.
    pub data: Data,
    /// The tags of the publication. Centrifugo v6.9 sends none.
    pub tags: BTreeMap<String, String>,
}

impl IncomingPublication {
    /// Deserializes the data as JSON.
    ///
    /// # Errors
    ///
    /// Returns error 107 (bad request) if the data does not fit `T`. The source of the error has the place of the
    /// mismatch.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse(&self.data).map_err(Error::malformed)
    }
}

impl Incoming {
    /// Waits for the next publication. Returns `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<IncomingPublication> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Incoming {
    type Item = IncomingPublication;

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
                Poll::Ready(Some(IncomingPublication {
                    data: Data::of_client(publication.data),
                    tags: publication.tags,
                }))
            }
            Err(error) => {
                self.link
                    .end(Err(format!("a message of the client can't be decoded: {error}")));
                Poll::Ready(None)
            }
        }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.link.release();
    }
}

impl FromEvent<markers::SubscribeStream> for Incoming {
    const STATES: &'static [StateNeed] = &[StateNeed::CLIENT_STREAM];

    fn from_event(event: &TypedEvent<markers::SubscribeStream>) -> Extracted<'_, Self> {
        let link = event
            .extensions()
            .get::<ClientStream>()
            .map_or_else(|| ClientStream::new(None), |link| ClientStream::clone(&link));
        Extracted::Now(if link.take() {
            Ok(Self { link })
        } else {
            Err(Error::internal("the handler takes two `Incoming`"))
        })
    }
}

impl OptionalFromEvent<markers::SubscribeStream> for Incoming {
    fn is_present(event: &TypedEvent<markers::SubscribeStream>) -> bool {
        event
            .extensions()
            .get::<ClientStream>()
            .is_some_and(|link| link.is_two_way())
    }
}

impl fmt::Debug for Incoming {
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
        assert!(!reads_client_stream::<Metadata>());
        assert!(!reads_client_stream::<State<Client>>());
    }
}
