//! A request body that yields one frame for each complete message.

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

/// The length of the prefix of each message: a compression flag and the message length. See `Length-Prefixed-Message` in
/// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
const PREFIX_LEN: usize = 5;
/// How long the message of a call may take to arrive, and the first message of a bidirectional stream.
const ARRIVAL_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of messages that a body may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessageCount {
    One,
    Any,
}

/// Collects the frames of a body into complete messages.
///
/// tonic's decoder allocates the declared length of a message before the message arrives, so that a request of a few bytes could
/// exhaust the memory. The buffer of this body grows with the bytes that arrive. Most frames are one complete message, which is
/// returned without a copy and without a timer.
pub(super) struct MessageBody<B> {
    body: B,
    count: MessageCount,
    max_len: usize,
    arrival_timeout: Duration,
    /// The start of an incomplete message.
    partial: BytesMut,
    /// Bytes that have arrived and are not part of `partial` yet.
    unread: Bytes,
    state: State,
    /// Started when the body is first pending.
    timer: Option<Pin<Box<Sleep>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the end of the first message.
    FirstMessage,
    LaterMessages,
    Ended,
}

impl<B> MessageBody<B> {
    /// Creates a body whose messages may have `max_len` bytes, as they are encoded.
    pub(super) fn new(body: B, count: MessageCount, max_len: usize) -> Self {
        Self {
            body,
            count,
            max_len,
            arrival_timeout: ARRIVAL_TIMEOUT,
            partial: BytesMut::new(),
            unread: Bytes::new(),
            state: State::FirstMessage,
            timer: None,
        }
    }

    pub(super) fn arrival_timeout(mut self, timeout: Duration) -> Self {
        self.arrival_timeout = timeout;
        self
    }

    /// Returns the next message with its prefix, if it is complete.
    fn take_message(&mut self) -> Result<Option<Bytes>, Status> {
        if self.unread.is_empty() {
            return Ok(None);
        }
        if self.count == MessageCount::One && self.state == State::LaterMessages {
            return Err(Status::internal("the call has more than one message"));
        }
        if self.partial.is_empty() && self.unread.len() >= PREFIX_LEN {
            let len = self.message_len(&self.unread)?;
            if self.unread.len() >= len {
                return Ok(Some(self.unread.split_to(len)));
            }
        }
        self.extend_partial_to(PREFIX_LEN);
        if self.partial.len() < PREFIX_LEN {
            return Ok(None);
        }
        let len = self.message_len(&self.partial)?;
        self.extend_partial_to(len);
        Ok((self.partial.len() == len).then(|| take(&mut self.partial).freeze()))
    }

    /// Returns the length of the message that starts with these bytes, with its prefix.
    fn message_len(&self, mut bytes: &[u8]) -> Result<usize, Status> {
        bytes.advance(1);
        let len = usize::try_from(bytes.get_u32()).unwrap_or(usize::MAX);
        if len > self.max_len {
            let max = self.max_len;
            let text = format!("the message has {len} bytes; the limit is {max} bytes");
            return Err(Status::resource_exhausted(text));
        }
        Ok(len.saturating_add(PREFIX_LEN))
    }

    /// Moves unread bytes to the partial message until it has `len` bytes.
    fn extend_partial_to(&mut self, len: usize) {
        let more = len.saturating_sub(self.partial.len()).min(self.unread.len());
        self.partial.extend_from_slice(&self.unread.split_to(more));
    }

    fn end(&mut self) {
        self.state = State::Ended;
        self.timer = None;
        (self.partial, self.unread) = (BytesMut::new(), Bytes::new());
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.count == MessageCount::Any && self.state == State::LaterMessages {
            return Poll::Pending;
        }
        let timeout = self.arrival_timeout;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(timeout)));
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
                self.state = State::LaterMessages;
                if self.count == MessageCount::Any {
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
                Some(Ok(Ok(mut data))) => self.unread = data.copy_to_bytes(data.remaining()),
                // Trailers end the body, although a gRPC request has none.
                None | Some(Ok(Err(_))) if self.partial.is_empty() => return Poll::Ready(Ok(None)),
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
