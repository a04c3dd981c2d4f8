//! What the client publishes into a stream.

use std::collections::BTreeMap;
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
use crate::handler::{ClientStream, Extracted, FromEvent, TypedEvent};

/// The client's publications in a two-way stream: a handler of `subscribe_stream` that takes it has both directions.
///
/// It ends when the client's side ends or the stream that the handler returned does. While it is not read, Centrifugo
/// is slowed down and nothing piles up here. A handler that does not take it, or drops it, throws publications away.
///
/// A publication that can't be read ends the stream as a failure. Two of them in one handler are an internal error.
///
/// In a one-way stream (`subscribe_stream_proxy_bidirectional` is off in Centrifugo) it is empty, which
/// `Option<Incoming>` shows as `None`. That it is empty does not end a one-way stream.
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

/// A publication of the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomingPublication {
    /// What the client published.
    pub data: Data,
    /// Its tags. Centrifugo v6.9 sends none.
    pub tags: BTreeMap<String, String>,
}

impl IncomingPublication {
    /// The data as JSON.
    ///
    /// # Errors
    ///
    /// 107 «bad request» when it has another shape; its source says where.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse(&self.data).map_err(Error::malformed)
    }
}

impl Incoming {
    /// The next publication; none at the end.
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
                    // Nothing in it that anybody reads; others have their turn before the next.
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                };
                Poll::Ready(Some(IncomingPublication {
                    data: Data::of_client(publication.data),
                    tags: publication.tags,
                }))
            }
            Err(error) => {
                self.link.end(Err(format!(
                    "a message of the client's side can't be read: {error}"
                )));
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
    fn from_event(event: &TypedEvent<markers::SubscribeStream>) -> Extracted<'_, Self> {
        let link = event
            .extensions()
            .get::<ClientStream>()
            .map_or_else(|| ClientStream::new(None), |link| ClientStream::clone(&link));
        Extracted::Now(if link.take() {
            Ok(Self { link })
        } else {
            Err(Error::internal("`Incoming` is taken twice"))
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
