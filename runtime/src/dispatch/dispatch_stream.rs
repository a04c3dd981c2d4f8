//! Dispatches events that open a stream: first the reply to the subscription, then publications.

use std::borrow::Cow;
use std::future::Future;

use bytes::Bytes;
use futures_core::Stream;
use prost::encoding::{WireType, encode_key, encode_varint};

use super::dispatcher::Dispatcher;
use super::event_record::EventRecord;
use super::publications::{EndOnDrop, Publications, STREAM_FAILED};
use super::time_limit::TimeLimit;
use crate::error::Error;
use crate::event::{Event, Kind};
use crate::handler::{ClientStream, Outcome};

/// The outcome of an event that opens a stream.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamOutcome {
    /// The stream is open: its first message, and the publications that follow.
    Open(Bytes, Publications),
    /// The subscription is refused: the only message, and the error or disconnect that it contains.
    Refused(Bytes, Error),
    /// The handler failed: the text of the gRPC status, and the handler's error. The client receives code 100 and retries.
    Failed(Cow<'static, str>, Option<Error>),
    /// The event cannot be read.
    Unreadable(String),
}

impl Dispatcher {
    /// Dispatches an event of kind [`Kind::SubscribeStream`](crate::event::Kind::SubscribeStream). For a bidirectional stream,
    /// `incoming` yields the encoded messages after the first one.
    ///
    /// Nothing is buffered: the handler's stream is polled when the transport polls [`Publications`], and `incoming` when the
    /// handler reads from it. When `incoming` ends, the publications end as soon as none is ready. When the publications end
    /// or are dropped, the handler reads the end of `incoming`. The handler's time limit covers only the first message.
    pub fn dispatch_stream<S>(
        &self,
        event: Event,
        incoming: Option<S>,
    ) -> impl Future<Output = StreamOutcome> + Send + use<S>
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        self.decision(event, incoming, true).future
    }

    /// Dispatches an event like [`Self::dispatch_stream`], for a transport that enforces the time limit itself.
    #[cfg(feature = "grpc")]
    pub(crate) fn stream_decision<S>(
        &self,
        event: Event,
        incoming: Option<S>,
    ) -> StreamDecision<impl Future<Output = StreamOutcome> + Send + use<S>>
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        self.decision(event, incoming, false)
    }

    fn decision<S>(
        &self,
        mut event: Event,
        incoming: Option<S>,
        enforces_timeout: bool,
    ) -> StreamDecision<impl Future<Output = StreamOutcome> + Send + use<S>>
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        let client_stream = ClientStream::new(incoming.map(|messages| Box::pin(messages) as _));
        event.extensions_mut().insert(client_stream.clone());
        // Moved into the future, so that a refusal and a cancelled decision end what the handler reads.
        let client_stream = EndOnDrop(client_stream);
        let (kind, request) = (event.kind(), event.request().clone());
        let mut running = self.dispatch(event);
        let handed_over = (!enforces_timeout).then(|| running.hand_over()).flatten();
        let handler = running.handler_name();
        client_stream.0.count_messages(handler);
        let future = async move {
            match running.await {
                Outcome::Stream(opened) => {
                    let first = first_message(&opened.response);
                    let publications =
                        Publications::new(opened.publications, client_stream, handler, &request);
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
        StreamDecision {
            handler,
            handed_over,
            future,
        }
    }
}

/// Returns the outcome of a handler whose reply has no stream.
fn no_stream(kind: Kind, handler: &'static str) -> StreamOutcome {
    tracing::error!(target: "centrifugo", %kind, handler, "handler replied without a stream");
    StreamOutcome::Failed(STREAM_FAILED.into(), None)
}

/// The handler's decision about a stream.
#[cfg_attr(
    not(feature = "grpc"),
    allow(dead_code, reason = "only gRPC enforces the time limit itself")
)]
pub(crate) struct StreamDecision<F> {
    pub(crate) handler: &'static str,
    /// See [`DispatchFuture::hand_over`](super::DispatchFuture::hand_over). `None` without a handler, and if the future enforces the
    /// time limit.
    pub(crate) handed_over: Option<(EventRecord, TimeLimit)>,
    pub(crate) future: F,
}

/// Wraps an encoded `SubscribeResponse` in a `StreamSubscribeResponse`.
fn first_message(response: &[u8]) -> Bytes {
    let mut message = Vec::with_capacity(response.len() + 6);
    encode_key(1, WireType::LengthDelimited, &mut message);
    encode_varint(response.len() as u64, &mut message);
    message.extend_from_slice(response);
    message.into()
}

#[cfg(test)]
mod tests {
    use centrifugo_proto::proxy;
    use prost::Message as _;

    use super::*;

    #[test]
    fn wraps_the_response_in_the_first_message() {
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
