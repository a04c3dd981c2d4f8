//! Bodies that pass through, while copies of their messages are observed.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;

use super::backend::InFlight;
use super::messages::Splitter;
use super::{Direction, EventId, Observation, Observer, Status};

/// The body of a request or of a response.
pub(crate) type ProxyBody = UnsyncBoxBody<Bytes, hyper::Error>;

/// A call that is observed.
pub(super) struct Call {
    pub(super) id: EventId,
    pub(super) started: Instant,
    pub(super) observer: Observer,
}

impl Call {
    /// Ends the call with the status that the program sent.
    fn end(&self, status: Status) {
        self.send_end(status, true);
    }

    /// Ends the call with a status that is not from the program.
    pub(super) fn end_without_answer(&self, status: Status) {
        self.send_end(status, false);
    }

    fn send_end(&self, status: Status, is_from_program: bool) {
        self.observer.send(Observation::Ended {
            id: self.id,
            at: SystemTime::now(),
            duration: self.started.elapsed(),
            status,
            is_from_program,
        });
    }
}

/// Copies the messages of a body.
struct Copier {
    call: Arc<Call>,
    direction: Direction,
    splitter: Splitter,
    is_first: bool,
}

impl Copier {
    fn new(call: Arc<Call>, direction: Direction) -> Self {
        Self {
            call,
            direction,
            splitter: Splitter::default(),
            is_first: true,
        }
    }

    fn copy(&mut self, data: &[u8]) {
        let Self {
            call,
            direction,
            splitter,
            is_first,
        } = self;
        splitter.push(data, |message| {
            call.observer
                .message(call.id, *direction, message, std::mem::take(is_first));
        });
    }
}

/// The body of a request.
pub(super) struct RequestBody<B> {
    inner: B,
    copier: Option<Copier>,
}

impl<B> RequestBody<B> {
    pub(super) fn new(inner: B, call: Option<Arc<Call>>) -> Self {
        let copier = call.map(|call| Copier::new(call, Direction::FromClient));
        Self { inner, copier }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for RequestBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let (Some(copier), Some(Ok(frame))) = (&mut self.copier, &frame)
            && let Some(data) = frame.data_ref()
        {
            copier.copy(data);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of a response. Its end is the end of the call.
pub(super) struct ResponseBody<B> {
    inner: B,
    copier: Option<Copier>,
    /// The status that the program sent.
    status: Option<Status>,
    /// Why the response has no end.
    broken: Option<Status>,
    /// Keeps the program from being stopped.
    _in_flight: InFlight,
}

impl<B> ResponseBody<B> {
    /// `status` is the status in the headers of a response that has no body.
    pub(super) fn new(
        inner: B,
        call: Option<Arc<Call>>,
        in_flight: InFlight,
        status: Option<Status>,
    ) -> Self {
        Self {
            inner,
            copier: call.map(|call| Copier::new(call, Direction::ToClient)),
            status,
            broken: None,
            _in_flight: in_flight,
        }
    }
}

impl<B: Body<Data = Bytes, Error = hyper::Error> + Unpin> Body for ResponseBody<B> {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = &mut *self;
        let frame = ready!(Pin::new(&mut this.inner).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                if let (Some(copier), Some(data)) = (&mut this.copier, frame.data_ref()) {
                    copier.copy(data);
                }
                if let Some(trailers) = frame.trailers_ref() {
                    this.status = Status::from_headers(trailers);
                }
            }
            Some(Err(error)) => {
                this.broken = Some(Status::unavailable(format!("the connection broke: {error}")));
            }
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B> Drop for ResponseBody<B> {
    fn drop(&mut self) {
        if let Some(copier) = &self.copier {
            match (self.broken.take(), self.status.take()) {
                (Some(broken), _) => copier.call.end_without_answer(broken),
                (None, Some(status)) => copier.call.end(status),
                (None, None) => copier.call.end_without_answer(Status::cancelled()),
            }
        }
    }
}
