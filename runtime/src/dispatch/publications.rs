//! The publications of a stream, encoded for the transport.

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use centrifugo_proto::proxy;
use futures_core::Stream;
use prost::Message;
use tracing::Span;

use super::dispatch_future::text_for_log;
use super::error_log::log_failed_stream;
use crate::error::{Error, HandlerFailure, panic_text};
use crate::event::{Kind, PublicationStream, Request};
use crate::handler::ClientStream;
use crate::logging::{FieldText, personal_field, personal_id};
use crate::metrics::{OpenStream, count_panic};

/// What the caller learns of a failed stream. The log has the reason.
pub(super) const STREAM_FAILED: &str = "the stream failed";

/// Ends the client's side of a stream when it is dropped.
pub(super) struct EndOnDrop(pub(super) ClientStream);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.end(Ok(()));
    }
}

/// The encoded messages after the first one. An error, which becomes a gRPC status, is the last item.
pub struct Publications {
    /// `None` after the end.
    stream: Option<PublicationStream>,
    client_stream: EndOnDrop,
    handler: &'static str,
    client: Box<str>,
    span: Span,
    /// `None` after the end.
    metrics: Option<OpenStream>,
}

impl Publications {
    pub(super) fn new(
        stream: PublicationStream,
        client_stream: EndOnDrop,
        handler: &'static str,
        request: &Request,
    ) -> Self {
        let kind = Kind::SubscribeStream;
        let fields = request.fields(kind).unwrap_or_default();
        let (client, target) = (request.client(&fields, kind), request.target(&fields, kind));
        let channel = FieldText::new(target);
        let (client_id, user) = (
            personal_field(client),
            personal_field(request.user(&fields, kind)),
        );
        let span = tracing::info_span!(
            target: "centrifugo::event", "stream",
            handler, channel = channel.value(), client = client_id.as_ref().map(FieldText::value),
            user = user.as_ref().map(FieldText::value),
        );
        Self {
            stream: Some(stream),
            client_stream,
            handler,
            client: client.into(),
            span,
            metrics: Some(OpenStream::new(handler)),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<proxy::Publication, Error>>> {
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(None);
        };
        match catch_unwind(AssertUnwindSafe(|| stream.as_mut().poll_next(cx))) {
            Ok(Poll::Pending) => self
                .client_stream
                .0
                .poll_end(cx)
                .map(|end| end.err().map(|reason| Err(Error::internal(reason)))),
            // The handler's stream may have ended because the client's side broke. That is a failure, not an end.
            Ok(Poll::Ready(None)) => Poll::Ready(
                self.client_stream
                    .0
                    .broken()
                    .map(|reason| Err(Error::internal(reason))),
            ),
            Ok(publication) => publication,
            Err(panic) => {
                count_panic(self.handler);
                let text = panic_text(&*panic).to_owned();
                Poll::Ready(Some(Err(Error::internal(HandlerFailure::Panicked(text)))))
            }
        }
    }

    /// Drops the handler's stream and ends the client's side.
    fn end(&mut self) {
        let stream = self.stream.take();
        self.metrics = None;
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(stream))) {
            count_panic(self.handler);
            let panic = panic_text(&*panic);
            tracing::error!(target: "centrifugo", handler = self.handler, client = %personal_id(&self.client), panic, "stream panicked when it was dropped");
        }
        self.client_stream.0.end(Ok(()));
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
            Some(Ok(publication)) => {
                if let Some(metrics) = &this.metrics {
                    metrics.record_sent();
                }
                let message = proxy::StreamSubscribeResponse {
                    subscribe_response: None,
                    publication: Some(publication),
                };
                Some(Ok(message.encode_to_vec().into()))
            }
            Some(Err(error)) => {
                log_failed_stream(this.handler, &this.client, &error, &text_for_log(&error));
                this.end();
                Some(Err(STREAM_FAILED.into()))
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
