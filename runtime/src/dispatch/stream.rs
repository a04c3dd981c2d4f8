//! The second entry, for streams: a decision, then publications both ways. It knows no transport either.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use centrifugo_proto::proxy;
use futures_core::Stream;
use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint};
use tracing::Span;

use super::dispatcher::Dispatcher;
use super::running::text_for_log;
use crate::error::{Error, panic_text};
use crate::event::{Event, Kind, PublicationStream, Request};
use crate::handler::{ClientStream, Outcome};

/// What a transport has to send of a stream.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamOutcome {
    /// The first message, then the publications to their end.
    Open(Bytes, Publications),
    /// The only message, and the error or the disconnect that it says.
    Refused(Bytes, Error),
    /// A failure: the text of a gRPC status, and what the handler's error was. The client gets code 100 and tries again.
    Failed(Cow<'static, str>, Option<Error>),
    /// The event could not be read.
    Unreadable(String),
}

impl Dispatcher {
    /// Answers an event of kind [`Kind::SubscribeStream`]. `incoming` gives the encoded messages after the first, for a
    /// stream that has two ways.
    ///
    /// Nothing is read ahead: each publication is made when the transport asks for it, each message is taken when the
    /// handler does. The end of `incoming` ends the publications as soon as none is ready; their end, and their drop,
    /// end what the handler reads. The handler's time limit ends with the first message.
    pub fn dispatch_stream<S>(
        &self,
        event: Event,
        incoming: Option<S>,
    ) -> impl Future<Output = StreamOutcome> + Send + use<S>
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        self.deciding(event, incoming, true).future
    }

    /// The same for a transport that enforces the time limit itself.
    #[cfg(feature = "grpc")]
    pub(crate) fn decide<S>(
        &self,
        event: Event,
        incoming: Option<S>,
    ) -> Deciding<impl Future<Output = StreamOutcome> + Send + use<S>>
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        self.deciding(event, incoming, false)
    }

    fn deciding<S>(
        &self,
        mut event: Event,
        incoming: Option<S>,
        is_timed: bool,
    ) -> Deciding<impl Future<Output = StreamOutcome> + Send + use<S>>
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        let link = ClientStream::new(incoming.map(|messages| Box::pin(messages) as _));
        event.extensions_mut().insert(link.clone());
        // From here on: a decision that refuses, or that nobody waits for any more, ends what the handler reads.
        let link = Answering(link);
        let (kind, request) = (event.kind(), event.request().clone());
        let mut running = self.dispatch(event);
        if !is_timed {
            running = running.untimed();
        }
        let (limit, handler) = (running.limit(), running.name());
        let future = async move {
            match running.await {
                Outcome::Stream(opened) => {
                    let first = first_message(&opened.response);
                    let publications = Publications::new(opened.publications, link, handler, &request);
                    StreamOutcome::Open(first, publications)
                }
                Outcome::Unreadable(reason) => StreamOutcome::Unreadable(reason),
                #[cfg(feature = "http")]
                Outcome::JsonReply(_) => no_stream(kind, handler),
                Outcome::Reply(_) => no_stream(kind, handler),
                Outcome::Error(error) => match Outcome::Error(error.clone()).encode(kind) {
                    Ok(response) => StreamOutcome::Refused(first_message(&response), error),
                    Err(reason) => StreamOutcome::Failed(reason, Some(error)),
                },
            }
        };
        Deciding {
            limit,
            handler,
            future,
        }
    }
}

fn no_stream(kind: Kind, handler: &'static str) -> StreamOutcome {
    tracing::error!(target: "centrifugo", %kind, handler, "the reply has no stream");
    StreamOutcome::Failed(FAILED.into(), None)
}

/// A decision under way.
#[cfg_attr(not(feature = "grpc"), allow(dead_code, reason = "no transport watches"))]
pub(crate) struct Deciding<F> {
    /// None without a handler.
    pub(crate) limit: Option<Duration>,
    pub(crate) handler: &'static str,
    pub(crate) future: F,
}

/// The answer's side: its end is that of the client's.
struct Answering(ClientStream);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.end(Ok(()));
    }
}

const FAILED: &str = "the stream failed";

/// A `StreamSubscribeResponse` with an encoded response in it.
fn first_message(response: &[u8]) -> Bytes {
    let mut message = Vec::with_capacity(response.len() + 6);
    encode_key(1, WireType::LengthDelimited, &mut message);
    encode_varint(response.len() as u64, &mut message);
    message.extend_from_slice(response);
    message.into()
}

/// The encoded messages that follow the first. An error is the last: a gRPC status.
pub struct Publications {
    /// None after the end.
    stream: Option<PublicationStream>,
    link: Answering,
    handler: &'static str,
    client: Box<str>,
    span: Span,
}

impl Publications {
    fn new(stream: PublicationStream, link: Answering, handler: &'static str, request: &Request) -> Self {
        let kind = Kind::SubscribeStream;
        let fields = request.fields(kind).unwrap_or_default();
        let (client, target) = (request.client(&fields, kind), request.target(&fields, kind));
        let span = if tracing::enabled!(target: "centrifugo::event", tracing::Level::DEBUG) {
            tracing::debug_span!(target: "centrifugo::event", "stream", handler, target, client)
        } else {
            Span::none()
        };
        Self {
            stream: Some(stream),
            link,
            handler,
            client: client.into(),
            span,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<proxy::Publication, Error>>> {
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(None);
        };
        match catch_unwind(AssertUnwindSafe(|| stream.as_mut().poll_next(cx))) {
            Ok(Poll::Pending) => self
                .link
                .0
                .poll_end(cx)
                .map(|end| end.err().map(|reason| Err(Error::internal(reason)))),
            // A side that broke ends what the handler makes of it: that is no end of its own.
            Ok(Poll::Ready(None)) => {
                Poll::Ready(self.link.0.broken().map(|reason| Err(Error::internal(reason))))
            }
            Ok(publication) => publication,
            Err(panic) => Poll::Ready(Some(Err(Error::internal(format!(
                "panicked: {}",
                panic_text(&*panic)
            ))))),
        }
    }

    /// Drops the user's stream, and ends what the handler reads.
    fn end(&mut self) {
        let stream = self.stream.take();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(stream))) {
            let panic = panic_text(&*panic);
            tracing::error!(target: "centrifugo", handler = self.handler, client = &*self.client, panic, "panicked at the end of a stream");
        }
        self.link.0.end(Ok(()));
    }
}

impl Stream for Publications {
    type Item = Result<Bytes, Cow<'static, str>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let span = this.span.clone();
        let _entered = span.enter();
        this.poll(cx).map(|next| match next {
            None => {
                this.end();
                None
            }
            Some(Ok(publication)) => Some(Ok(proxy::StreamSubscribeResponse {
                subscribe_response: None,
                publication: Some(publication),
            }
            .encode_to_vec()
            .into())),
            Some(Err(error)) => {
                tracing::error!(target: "centrifugo", handler = this.handler, client = &*this.client, error = text_for_log(&error), "stream failed");
                this.end();
                Some(Err(FAILED.into()))
            }
        })
    }
}

impl Drop for Publications {
    fn drop(&mut self) {
        let span = self.span.clone();
        let _entered = span.enter();
        self.end();
    }
}

impl fmt::Debug for Publications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publications")
            .field("handler", &self.handler)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_the_first_message() {
        let response = proxy::SubscribeResponse {
            result: Some(proxy::SubscribeResult {
                data: vec![b'1'; 300].into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let message = first_message(&response.encode_to_vec());
        let message = proxy::StreamSubscribeResponse::decode(message).unwrap();
        assert_eq!(message.subscribe_response, Some(response));
    }
}
