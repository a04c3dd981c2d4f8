//! The body of a call, one frame for each message: tonic sees a message when all of it is there.

use std::future::Future as _;
use std::mem::take;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};
use http_body::{Body, Frame};
use tokio::time::{Sleep, sleep};
use tonic::Status;

use crate::error::BoxError;

/// The compressed-flag and the length in front of each message (gRPC over HTTP/2, «Length-Prefixed-Message»).
const PREFIX: usize = 5;
/// How long the message of a call may take to arrive, and the first one of a two-way stream.
const ARRIVAL_LIMIT: Duration = Duration::from_secs(10);

/// How many messages a body may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// One, and then the end of the body.
    One,
    Any,
}

/// Passes on whole messages.
///
/// tonic's decoder reserves the length that a message declares before the message is there, so that a few bytes can claim all
/// memory. What is held here grows with the bytes that arrive. A frame that is one whole message, as most are, is passed on as
/// it is, without a copy and without a timer.
pub(super) struct MessageBody<B> {
    body: B,
    count: Count,
    max_len: usize,
    arrival_limit: Duration,
    /// The beginning of a message.
    held: BytesMut,
    /// What arrived behind it.
    rest: Bytes,
    state: State,
    /// Set once something has to be waited for.
    timer: Option<Pin<Box<Sleep>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The first message is not complete.
    First,
    Later,
    Ended,
}

impl<B> MessageBody<B> {
    /// A message may have `max_len` bytes on the wire.
    pub(super) fn new(body: B, count: Count, max_len: usize) -> Self {
        Self {
            body,
            count,
            max_len,
            arrival_limit: ARRIVAL_LIMIT,
            held: BytesMut::new(),
            rest: Bytes::new(),
            state: State::First,
            timer: None,
        }
    }

    pub(super) fn arrival_limit(mut self, limit: Duration) -> Self {
        self.arrival_limit = limit;
        self
    }

    /// The next message with its prefix, if what has arrived completes it.
    fn take_message(&mut self) -> Result<Option<Bytes>, Status> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        if self.count == Count::One && self.state == State::Later {
            return Err(Status::internal("the call has more than one message"));
        }
        if self.held.is_empty() && self.rest.len() >= PREFIX {
            let len = self.message_len(&self.rest)?;
            if self.rest.len() >= len {
                return Ok(Some(self.rest.split_to(len)));
            }
        }
        self.hold_up_to(PREFIX);
        if self.held.len() < PREFIX {
            return Ok(None);
        }
        let len = self.message_len(&self.held)?;
        self.hold_up_to(len);
        Ok((self.held.len() == len).then(|| take(&mut self.held).freeze()))
    }

    /// How long the message that begins with these bytes is, with its prefix.
    fn message_len(&self, mut bytes: &[u8]) -> Result<usize, Status> {
        bytes.advance(1);
        let len = usize::try_from(bytes.get_u32()).unwrap_or(usize::MAX);
        if len > self.max_len {
            let max = self.max_len;
            let text = format!("the message has {len} bytes; the limit is {max} bytes");
            return Err(Status::resource_exhausted(text));
        }
        Ok(len.saturating_add(PREFIX))
    }

    /// Moves bytes until so many are held, as far as they have arrived.
    fn hold_up_to(&mut self, len: usize) {
        let more = len.saturating_sub(self.held.len()).min(self.rest.len());
        self.held.extend_from_slice(&self.rest.split_to(more));
    }

    fn end(&mut self) {
        self.state = State::Ended;
        self.timer = None;
        (self.held, self.rest) = (BytesMut::new(), Bytes::new());
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.count == Count::Any && self.state == State::Later {
            return Poll::Pending;
        }
        let limit = self.arrival_limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(limit)));
        timer.as_mut().poll(cx)
    }
}

impl<B> MessageBody<B>
where
    B: Body + Unpin,
    B::Error: Into<BoxError>,
{
    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Status>> {
        if self.state == State::Ended {
            return Poll::Ready(Ok(None));
        }
        loop {
            if let Some(message) = self.take_message()? {
                self.state = State::Later;
                if self.count == Count::Any {
                    self.timer = None;
                }
                return Poll::Ready(Ok(Some(message)));
            }
            let frame = match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(frame) => frame,
                Poll::Pending if self.poll_timer(cx).is_ready() => {
                    return Poll::Ready(Err(Status::deadline_exceeded(
                        "the message took too long to arrive",
                    )));
                }
                Poll::Pending => return Poll::Pending,
            };
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(mut data))) => self.rest = data.copy_to_bytes(data.remaining()),
                // Trailers are the end. A request of gRPC has none.
                None | Some(Ok(Err(_))) if self.held.is_empty() => return Poll::Ready(Ok(None)),
                None | Some(Ok(Err(_))) => {
                    return Poll::Ready(Err(Status::internal("the body ended in the middle of a message")));
                }
                Some(Err(error)) => return Poll::Ready(Err(Status::from_error(error.into()))),
            }
        }
    }
}

impl<B> Body for MessageBody<B>
where
    B: Body + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        this.poll_message(cx).map(|message| {
            if !matches!(message, Ok(Some(_))) {
                this.end();
            }
            message.transpose().map(|message| message.map(Frame::data))
        })
    }
}

#[cfg(test)]
#[path = "message_body_tests.rs"]
mod tests;
