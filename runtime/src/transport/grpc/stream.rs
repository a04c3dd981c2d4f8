//! Streams, one way and both: the answer to the subscription first, then publications.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::timeout;
use tonic::server::{ServerStreamingService, StreamingService};
use tonic::{Request, Response, Status, Streaming};

use crate::dispatch::{Publications, StreamOutcome, subscribe_request};
use crate::event::{Event, Kind, Metadata};
use crate::transport::direct::{Front, Stopped};

/// How long the first message of a two-way stream may take to arrive.
const FIRST_LIMIT: Duration = Duration::from_secs(10);

/// `SubscribeUnidirectional` and `SubscribeBidirectional`.
pub(super) struct Subscribing(pub(super) Arc<Front>);

type Opening = Pin<Box<dyn Future<Output = Result<Response<Messages>, Status>> + Send>>;

impl ServerStreamingService<Bytes> for Subscribing {
    type Response = Bytes;
    type ResponseStream = Messages;
    type Future = Opening;

    fn call(&mut self, request: Request<Bytes>) -> Opening {
        let front = self.0.clone();
        let (metadata, _, body) = request.into_parts();
        let metadata = Metadata::from_headers(metadata.into_headers());
        Box::pin(async move { open(&front, metadata, body, None).await })
    }
}

impl StreamingService<Bytes> for Subscribing {
    type Response = Bytes;
    type ResponseStream = Messages;
    type Future = Opening;

    fn call(&mut self, request: Request<Streaming<Bytes>>) -> Opening {
        let front = self.0.clone();
        let (metadata, _, mut messages) = request.into_parts();
        let metadata = Metadata::from_headers(metadata.into_headers());
        Box::pin(async move {
            let first = timeout(FIRST_LIMIT, messages.message())
                .await
                .map_err(|_| Status::deadline_exceeded("the first message took too long to arrive"))??
                .ok_or_else(|| Status::invalid_argument("the stream has no first message"))?;
            match subscribe_request(&first) {
                Ok(body) => open(&front, metadata, body, Some(Incoming(messages))).await,
                Err(reason) => {
                    front.unreadable(reason.clone(), Kind::SubscribeStream, metadata);
                    Err(Status::invalid_argument(reason))
                }
            }
        })
    }
}

async fn open(
    front: &Arc<Front>,
    metadata: Metadata,
    body: Bytes,
    incoming: Option<Incoming>,
) -> Result<Response<Messages>, Status> {
    let event = Event::new(Kind::SubscribeStream, metadata, body);
    let (first, publications) = match front.open(event, incoming).await {
        StreamOutcome::Open(first, publications) => (first, Some(publications)),
        StreamOutcome::Refused(first, _) => (first, None),
        StreamOutcome::Failed(reason, _) => return Err(Status::internal(reason)),
        StreamOutcome::Unreadable(reason) => return Err(Status::invalid_argument(reason)),
    };
    Ok(Response::new(Messages {
        first: Some(first),
        stopped: publications.is_some().then(|| front.stopped()),
        publications,
        front: front.clone(),
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
    publications: Option<Publications>,
    stopped: Option<Stopped>,
    front: Arc<Front>,
}

impl Stream for Messages {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(first) = this.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let Some(publications) = &mut this.publications else {
            return Poll::Ready(None);
        };
        if let Some(stopped) = &mut this.stopped
            && stopped.as_mut().poll(cx).is_ready()
        {
            this.stopped = None;
            this.publications = None;
            return Poll::Ready(Some(Err(Status::unavailable("the program stops"))));
        }
        let next = {
            // A poll that does not end must not keep the others from being read.
            let _active = this.front.begin();
            ready!(Pin::new(publications).poll_next(cx))
        };
        if next.is_none() {
            this.publications = None;
        }
        Poll::Ready(next.map(|message| message.map_err(Status::internal)))
    }
}
