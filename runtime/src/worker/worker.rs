//! The worker loop: reads one frame at a time and writes its response.

use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Buf as _;
use tokio::runtime::Handle;

use super::command::Command;
use super::context::ContextCache;
use super::frame_reader::{Frame, FrameReader, ReadError, Source};
use super::frame_writer::FrameWriter;
use super::worker_state::{Activity, INVALID_FUNCTION, WorkerState};
use crate::dispatch::{DispatchFuture, Dispatcher};
use crate::event::{Event, Kind, Metadata};
use crate::goridge::{Header, frame};
use crate::handler::{Invalid, Outcome};
use crate::metrics::unknown_event_unreadable;

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// RoadRunner sent a stop command, or the process received a signal.
    Stop,
    /// RoadRunner closed the relay.
    EndOfFile,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The longest payload of a frame, in bytes.
    pub(crate) max_frame_len: usize,
    /// The number of events after which the worker asks RoadRunner to replace it.
    pub(crate) max_events: Option<u64>,
}

/// Answers the events of one relay.
pub(crate) struct Worker<S, W> {
    reader: FrameReader<S>,
    writer: FrameWriter<W>,
    contexts: ContextCache,
    dispatcher: Arc<Dispatcher>,
    state: Arc<WorkerState>,
    runtime: Handle,
    max_events: Option<u64>,
    event_count: u64,
}

enum Flow {
    Continue,
    Exit(Exit),
}

/// The watchdog's time limit for an event that no handler answers. Such an event is answered at once.
const NO_HANDLER_TIMEOUT: Duration = Duration::from_secs(3600);

impl<S: Source, W: Write> Worker<S, W> {
    pub(crate) fn new(
        source: S,
        sink: W,
        dispatcher: Arc<Dispatcher>,
        state: Arc<WorkerState>,
        runtime: Handle,
        limits: Limits,
    ) -> Self {
        Self {
            reader: FrameReader::new(source, limits.max_frame_len),
            writer: FrameWriter::new(sink),
            contexts: ContextCache::default(),
            dispatcher,
            state,
            runtime,
            max_events: limits.max_events,
            event_count: 0,
        }
    }

    /// Runs until RoadRunner closes the relay or sends a stop command, or until a signal stops the worker.
    ///
    /// # Errors
    ///
    /// Returns a text if a frame is malformed or I/O fails. No further frame can be read from the relay then.
    pub(crate) fn run(&mut self) -> Result<Exit, String> {
        let runtime = self.runtime.clone();
        let _entered = runtime.enter();
        loop {
            let frame = match self.reader.next() {
                Ok(Some(frame)) => frame,
                Ok(None) => return Ok(Exit::EndOfFile),
                Err(ReadError::Frame(error)) => return Err(error.to_string()),
                Err(ReadError::Io(error)) => return Err(error.to_string()),
            };
            match self.handle_frame(frame) {
                Ok(Flow::Continue) => {}
                Ok(Flow::Exit(exit)) => return Ok(exit),
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::EndOfFile),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    fn handle_frame(&mut self, frame: Frame) -> io::Result<Flow> {
        if frame.header.stream & (frame::STREAM_STOP | frame::STREAM_PONG) != 0 {
            return Ok(Flow::Continue);
        }
        if frame.header.flags & frame::CONTROL != 0 {
            return self.handle_command(&frame.payload);
        }
        let context_len = frame.header.options().first().copied().unwrap_or(0) as usize;
        if context_len > frame.payload.len() {
            return self.handle_unknown_event("the context is longer than the frame".into());
        }
        let mut payload = frame.payload;
        match self.contexts.parse(&payload[..context_len]) {
            Ok((kind, metadata)) => {
                payload.advance(context_len);
                let event = Event::new(kind, metadata, payload).with_transport("roadrunner");
                self.handle_event(event)
            }
            Err(reason) => self.handle_unknown_event(reason),
        }
    }

    fn handle_command(&mut self, payload: &[u8]) -> io::Result<Flow> {
        match Command::parse(payload) {
            Ok(Command { stop: true, .. }) => Ok(Flow::Exit(Exit::Stop)),
            Ok(Command { pid: Some(_), .. }) => {
                let response = format!(r#"{{"pid":{}}}"#, std::process::id());
                self.writer.send(
                    Header::new(frame::CONTROL | frame::JSON, response.len()),
                    response.as_bytes(),
                )?;
                Ok(Flow::Continue)
            }
            Ok(_) => {
                tracing::warn!(target: "centrifugo", "command ignored: unknown");
                Ok(Flow::Continue)
            }
            Err(error) => {
                tracing::warn!(target: "centrifugo", %error, "command ignored: unreadable");
                Ok(Flow::Continue)
            }
        }
    }

    fn handle_event(&mut self, event: Event) -> io::Result<Flow> {
        let kind = event.kind();
        let metadata = event.shared_metadata();
        if self.max_events.is_some_and(|max| self.event_count >= max) {
            return self.request_replacement();
        }
        // `dispatch` already counts an event that has no handler or is unreadable, and the other worker counts it again. A stop
        // while `dispatch` runs can still count such an event twice.
        if self.state.activity() == Activity::Stopping {
            return self.request_replacement();
        }
        self.event_count += 1;
        let mut running = self.dispatcher.dispatch(event);
        let timeout = running.limit().map_or(NO_HANDLER_TIMEOUT, |limit| limit.duration);
        if !self.state.begin_event(timeout, running.route_index()) {
            if let Some((record, _)) = running.hand_over() {
                record.discard();
            }
            return self.request_replacement();
        }
        let Some(outcome) = self.wait_for_outcome(running) else {
            return Ok(Flow::Exit(Exit::EndOfFile));
        };
        if let Outcome::Unreadable(reason) = outcome {
            self.send_error(&reason)?;
            self.state
                .restart_limit(self.dispatcher.shortest_timeout(), INVALID_FUNCTION);
            self.call_invalid_function(Invalid {
                reason,
                kind: Some(kind),
                metadata: Metadata::clone(&metadata),
            });
        } else {
            self.send_outcome(outcome, kind)?;
        }
        Ok(self.end_event())
    }

    fn end_event(&self) -> Flow {
        if self.state.end_event() {
            Flow::Exit(Exit::Stop)
        } else {
            Flow::Continue
        }
    }

    /// Polls a handler until it ends. Returns `None` if RoadRunner closes the relay first.
    fn wait_for_outcome(&mut self, running: DispatchFuture) -> Option<Outcome> {
        let mut running = pin!(running);
        // Most handlers are ready at the first poll, which then needs neither a thread parker nor a timer.
        if let Poll::Ready(outcome) = running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(outcome);
        }
        let runtime = self.runtime.clone();
        runtime.block_on(async {
            tokio::select! {
                biased;
                outcome = running => Some(outcome),
                () = self.state.disconnected() => None,
            }
        })
    }

    fn send_outcome(&mut self, outcome: Outcome, kind: Kind) -> io::Result<()> {
        match outcome.encode(kind) {
            Ok(body) => self
                .writer
                .send(Header::new(frame::PROTO, body.len()).option(0), &body),
            Err(reason) => self.send_error(&reason),
        }
    }

    /// Asks RoadRunner to replace this worker. RoadRunner sends the same event to another worker.
    fn request_replacement(&mut self) -> io::Result<Flow> {
        const CONTEXT: &[u8] = br#"{"stop":true}"#;
        self.writer.send(
            Header::new(frame::PROTO, CONTEXT.len()).option(CONTEXT.len() as u32),
            CONTEXT,
        )?;
        Ok(Flow::Continue)
    }

    /// Refuses a frame whose event kind is unknown.
    fn handle_unknown_event(&mut self, reason: String) -> io::Result<Flow> {
        unknown_event_unreadable();
        self.send_error(&reason)?;
        let limit = self.dispatcher.shortest_timeout();
        if !self.state.begin_event(limit, INVALID_FUNCTION) {
            return Ok(Flow::Continue);
        }
        self.call_invalid_function(Invalid {
            reason,
            kind: None,
            metadata: Metadata::default(),
        });
        Ok(self.end_event())
    }

    fn send_error(&mut self, reason: &str) -> io::Result<()> {
        self.writer.send(
            Header::new(frame::ERROR | frame::PROTO, reason.len()).option(0),
            reason.as_bytes(),
        )
    }

    /// Calls the `#[invalid]` function with the time limit of an event. If it never yields, the watchdog ends the worker, as
    /// it does for a handler.
    fn call_invalid_function(&mut self, invalid: Invalid) {
        let (dispatcher, limit) = (self.dispatcher.clone(), self.dispatcher.shortest_timeout());
        self.runtime.block_on(async {
            // In a task of its own, since a panic must not end the worker.
            let mut task = tokio::spawn(async move { dispatcher.invalid(invalid).await });
            match tokio::time::timeout(limit, &mut task).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::error!(target: "centrifugo", %error, "invalid function panicked");
                }
                Err(_) => {
                    task.abort();
                    tracing::error!(target: "centrifugo", ?limit, "invalid function timed out");
                }
            }
        });
    }
}
