//! Streams, one way and both: the answer to the subscription first, then publications.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tonic::server::{ServerStreamingService, StreamingService};
use tonic::{Request, Response, Status, Streaming};

use crate::dispatch::subscribe_request;
use crate::endpoint::executor::{Executor, Outbox, Stopped, StreamAnswer};
use crate::event::{Event, Kind, Metadata};

/// `SubscribeUnidirectional` and `SubscribeBidirectional`.
pub(super) struct Subscribing(pub(super) Arc<Executor>);

type Answer = Pin<Box<dyn Future<Output = Result<Response<Messages>, Status>> + Send>>;

impl ServerStreamingService<Bytes> for Subscribing {
    type Response = Bytes;
    type ResponseStream = Messages;
    type Future = Answer;

    fn call(&mut self, request: Request<Bytes>) -> Answer {
        let executor = self.0.clone();
        let (metadata, _, body) = request.into_parts();
        let metadata = Metadata::from_headers(metadata.into_headers());
        Box::pin(async move { open(&executor, metadata, body, None).await })
    }
}

impl StreamingService<Bytes> for Subscribing {
    type Response = Bytes;
    type ResponseStream = Messages;
    type Future = Answer;

    fn call(&mut self, request: Request<Streaming<Bytes>>) -> Answer {
        let executor = self.0.clone();
        let (metadata, _, mut messages) = request.into_parts();
        let metadata = Metadata::from_headers(metadata.into_headers());
        Box::pin(async move {
            // Within the time that a message has to arrive: see `MessageBody`.
            let first = messages
                .message()
                .await?
                .ok_or_else(|| Status::invalid_argument("the stream has no first message"))?;
            match subscribe_request(&first) {
                Ok(body) => open(&executor, metadata, body, Some(Incoming(messages))).await,
                Err(reason) => {
                    executor.unreadable(reason.clone(), Kind::SubscribeStream, metadata);
                    Err(Status::invalid_argument(reason))
                }
            }
        })
    }
}

async fn open(
    executor: &Arc<Executor>,
    metadata: Metadata,
    body: Bytes,
    incoming: Option<Incoming>,
) -> Result<Response<Messages>, Status> {
    let event = Event::new(Kind::SubscribeStream, metadata, body);
    let (first, outbox) = match executor.open(event, incoming).await {
        StreamAnswer::Stream(first, outbox) => (first, Some(outbox)),
        StreamAnswer::Refused(first) => (first, None),
        StreamAnswer::Failed(reason) => return Err(Status::internal(reason)),
        StreamAnswer::Unreadable(reason) => return Err(Status::invalid_argument(reason)),
    };
    Ok(Response::new(Messages {
        first: Some(first),
        stopped: outbox.is_some().then(|| executor.stopped()),
        outbox,
    }))
}

/// What the client publishes. A connection that broke is the end of it.
struct Incoming(Streaming<Bytes>);

impl Stream for Incoming {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        Pin::new(&mut self.0)
            .poll_next(cx)
            .map(|message| message.and_then(Result::ok))
    }
}

/// What goes out. When the program stops, the stream ends as a failure, so that Centrifugo subscribes the client again.
pub(super) struct Messages {
    first: Option<Bytes>,
    outbox: Option<Outbox>,
    stopped: Option<Stopped>,
}

impl Stream for Messages {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(first) = this.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let Some(outbox) = &mut this.outbox else {
            return Poll::Ready(None);
        };
        if let Some(stopped) = &mut this.stopped
            && stopped.as_mut().poll(cx).is_ready()
        {
            this.stopped = None;
            this.outbox = None;
            return Poll::Ready(Some(Err(Status::unavailable("the program stops"))));
        }
        let next = ready!(Pin::new(outbox).poll_next(cx));
        if next.is_none() {
            this.outbox = None;
        }
        Poll::Ready(next.map(|message| message.map_err(Status::internal)))
    }
}
