//! The streaming methods of the proxy service: the reply to the subscription first, then publications.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tonic::server::{ServerStreamingService, StreamingService};
use tonic::{Request, Response, Status, Streaming};

use crate::dispatch::subscribe_request;
use crate::endpoint::executor::{BufferedPublications, Executor, SHUTTING_DOWN, StopSignal, StreamReply};
use crate::event::{Event, Kind, Metadata};

/// Handles `SubscribeUnidirectional` and `SubscribeBidirectional`.
pub(super) struct SubscribeStream(pub(super) Arc<Executor>);

type ResponseFuture = Pin<Box<dyn Future<Output = Result<Response<Messages>, Status>> + Send>>;

impl ServerStreamingService<Bytes> for SubscribeStream {
    type Response = Bytes;
    type ResponseStream = Messages;
    type Future = ResponseFuture;

    fn call(&mut self, request: Request<Bytes>) -> ResponseFuture {
        let executor = self.0.clone();
        let (metadata, _, body) = request.into_parts();
        let metadata = Metadata::from_headers(metadata.into_headers());
        Box::pin(async move { open(&executor, metadata, body, None).await })
    }
}

impl StreamingService<Bytes> for SubscribeStream {
    type Response = Bytes;
    type ResponseStream = Messages;
    type Future = ResponseFuture;

    fn call(&mut self, request: Request<Streaming<Bytes>>) -> ResponseFuture {
        let executor = self.0.clone();
        let (metadata, _, mut messages) = request.into_parts();
        let metadata = Metadata::from_headers(metadata.into_headers());
        Box::pin(async move {
            // `MessageBody` limits how long this takes.
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
    let event = Event::new(Kind::SubscribeStream, metadata, body).with_transport("grpc");
    let (first, publications) = match executor.open_stream(event, incoming).await {
        StreamReply::Open(first, publications) => (first, Some(publications)),
        StreamReply::Refused(first) => (first, None),
        StreamReply::Failed(reason) => return Err(Status::internal(reason)),
        StreamReply::ShuttingDown => return Err(Status::unavailable(SHUTTING_DOWN)),
        StreamReply::Unreadable(reason) => return Err(Status::invalid_argument(reason)),
    };
    Ok(Response::new(Messages {
        first: Some(first),
        stopped: publications.is_some().then(|| executor.stopped()),
        publications,
    }))
}

/// The publications of the client. If the connection breaks, they end.
struct Incoming(Streaming<Bytes>);

impl Stream for Incoming {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        Pin::new(&mut self.0)
            .poll_next(cx)
            .map(|message| message.and_then(Result::ok))
    }
}

/// The messages of the response. When the program stops, they end with `UNAVAILABLE`, so that Centrifugo resubscribes the
/// client.
pub(super) struct Messages {
    first: Option<Bytes>,
    publications: Option<BufferedPublications>,
    stopped: Option<StopSignal>,
}

impl Stream for Messages {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        // Before the first message: a client must not be subscribed for a moment.
        if let Some(stopped) = &mut this.stopped
            && stopped.as_mut().poll(cx).is_ready()
        {
            (this.first, this.publications, this.stopped) = (None, None, None);
            return Poll::Ready(Some(Err(Status::unavailable(SHUTTING_DOWN))));
        }
        if let Some(first) = this.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let Some(publications) = &mut this.publications else {
            return Poll::Ready(None);
        };
        let next = ready!(Pin::new(publications).poll_next(cx));
        if next.is_none() {
            this.publications = None;
        }
        Poll::Ready(next.map(|message| message.map_err(Status::internal)))
    }
}
