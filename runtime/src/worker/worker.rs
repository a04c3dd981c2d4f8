//! The worker loop: one frame in, one frame out.

use std::io::{self, IoSlice, Write};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Buf as _;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::runtime::Handle;

use super::context::Contexts;
use super::control::{Control, INVALID};
use super::frame_reader::{Frame, ReadError, Reader, Source};
use crate::dispatch::{Dispatcher, Running};
use crate::event::{Event, Kind, Metadata};
use crate::goridge::{Header, frame};
use crate::handler::{Invalid, Outcome};

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// RoadRunner said stop, or a signal did.
    Stop,
    /// RoadRunner is gone.
    EndOfFile,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of a frame's payload.
    pub(crate) max_frame_len: usize,
    /// Events until the worker asks to be replaced.
    pub(crate) max_events: Option<u64>,
}

pub(crate) struct Worker<S, W> {
    reader: Reader<S>,
    contexts: Contexts,
    sink: W,
    dispatcher: Arc<Dispatcher>,
    control: Arc<Control>,
    runtime: Handle,
    max_events: Option<u64>,
    events: u64,
    head: Vec<u8>,
}

enum Flow {
    Continue,
    Exit(Exit),
}

/// Commands on the control channel.
#[derive(Deserialize)]
struct Command {
    pid: Option<u64>,
    #[serde(default)]
    stop: bool,
}

impl Command {
    fn read(payload: &[u8]) -> serde_json::Result<Self> {
        // A list would be taken for the fields in their order.
        let object: &RawValue = serde_json::from_slice(payload)?;
        if object.get().starts_with('{') {
            serde_json::from_str(object.get())
        } else {
            Err(serde::de::Error::custom("a command is an object"))
        }
    }
}

/// Up to here a copy behind the header costs less than a system call with two parts: 4 % of the round trip.
const COPIED: usize = 16 * 1024;

/// A handler that does not answer by itself is asked again by the watchdog's clock only.
const NO_HANDLER: Duration = Duration::from_secs(3600);

impl<S: Source, W: Write> Worker<S, W> {
    pub(crate) fn new(
        source: S,
        sink: W,
        dispatcher: Arc<Dispatcher>,
        control: Arc<Control>,
        runtime: Handle,
        limits: Limits,
    ) -> Self {
        Self {
            reader: Reader::new(source, limits.max_frame_len),
            contexts: Contexts::default(),
            sink,
            dispatcher,
            control,
            runtime,
            max_events: limits.max_events,
            events: 0,
            head: Vec::with_capacity(64),
        }
    }

    /// Runs until RoadRunner or a signal ends it.
    ///
    /// # Errors
    ///
    /// When the stream can't be trusted any more.
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
            match self.handle(frame) {
                Ok(Flow::Continue) => {}
                Ok(Flow::Exit(exit)) => return Ok(exit),
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::EndOfFile),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    fn handle(&mut self, frame: Frame) -> io::Result<Flow> {
        if frame.header.stream & (frame::STREAM_STOP | frame::STREAM_PONG) != 0 {
            return Ok(Flow::Continue);
        }
        if frame.header.flags & frame::CONTROL != 0 {
            return self.command(&frame.payload);
        }
        let context_len = frame.header.options().first().copied().unwrap_or(0) as usize;
        if context_len > frame.payload.len() {
            return self.unreadable("the context is longer than the frame".into());
        }
        let mut payload = frame.payload;
        match self.contexts.read(&payload[..context_len]) {
            Ok((kind, metadata)) => {
                payload.advance(context_len);
                self.event(Event::new(kind, metadata, payload))
            }
            Err(reason) => self.unreadable(reason),
        }
    }

    fn command(&mut self, payload: &[u8]) -> io::Result<Flow> {
        match Command::read(payload) {
            Ok(Command { stop: true, .. }) => Ok(Flow::Exit(Exit::Stop)),
            Ok(Command { pid: Some(_), .. }) => {
                let answer = format!(r#"{{"pid":{}}}"#, std::process::id());
                self.send(
                    Header::new(frame::CONTROL | frame::JSON, answer.len()),
                    answer.as_bytes(),
                )?;
                Ok(Flow::Continue)
            }
            Ok(_) => {
                tracing::warn!(target: "centrifugo", "an unknown command is ignored");
                Ok(Flow::Continue)
            }
            Err(error) => {
                tracing::warn!(target: "centrifugo", %error, "a command that can't be read is ignored");
                Ok(Flow::Continue)
            }
        }
    }

    fn event(&mut self, event: Event) -> io::Result<Flow> {
        let kind = event.kind();
        let metadata = event.shared_metadata();
        if self.max_events.is_some_and(|max| self.events >= max) {
            return self.retire();
        }
        self.events += 1;
        let running = self.dispatcher.dispatch(event);
        let limit = running.limit().unwrap_or(NO_HANDLER);
        if !self.control.begin(limit, running.route_index()) {
            return self.retire();
        }
        let Some(outcome) = self.finish(running) else {
            return Ok(Flow::Exit(Exit::EndOfFile));
        };
        if let Outcome::Unreadable(reason) = outcome {
            self.refuse(&reason)?;
            self.control.go_on(self.dispatcher.shortest_limit(), INVALID);
            self.tell(Invalid {
                reason,
                kind: Some(kind),
                metadata: Metadata::clone(&metadata),
            });
        } else {
            self.answer(outcome, kind)?;
        }
        if self.control.end() {
            Ok(Flow::Exit(Exit::Stop))
        } else {
            Ok(Flow::Continue)
        }
    }

    /// Polls a handler to its end; `None` when RoadRunner went away meanwhile.
    fn finish(&mut self, running: Running) -> Option<Outcome> {
        let mut running = pin!(running);
        // Most handlers are ready at once: they cost neither a parker nor a timer.
        if let Poll::Ready(outcome) = running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(outcome);
        }
        let runtime = self.runtime.clone();
        runtime.block_on(async {
            tokio::select! {
                biased;
                outcome = running => Some(outcome),
                () = self.control.gone() => None,
            }
        })
    }

    fn answer(&mut self, outcome: Outcome, kind: Kind) -> io::Result<()> {
        match outcome.encode(kind) {
            Ok(body) => self.send(Header::new(frame::PROTO, body.len()).option(0), &body),
            Err(reason) => self.refuse(&reason),
        }
    }

    /// Asks to be replaced: RoadRunner gives the same event to another worker.
    fn retire(&mut self) -> io::Result<Flow> {
        const CONTEXT: &[u8] = br#"{"stop":true}"#;
        self.send(
            Header::new(frame::PROTO, CONTEXT.len()).option(CONTEXT.len() as u32),
            CONTEXT,
        )?;
        Ok(Flow::Continue)
    }

    /// A frame whose event can't be told.
    fn unreadable(&mut self, reason: String) -> io::Result<Flow> {
        self.refuse(&reason)?;
        if !self.control.begin(self.dispatcher.shortest_limit(), INVALID) {
            return Ok(Flow::Continue);
        }
        self.tell(Invalid {
            reason,
            kind: None,
            metadata: Metadata::default(),
        });
        if self.control.end() {
            Ok(Flow::Exit(Exit::Stop))
        } else {
            Ok(Flow::Continue)
        }
    }

    fn refuse(&mut self, reason: &str) -> io::Result<()> {
        self.send(
            Header::new(frame::ERROR | frame::PROTO, reason.len()).option(0),
            reason.as_bytes(),
        )
    }

    /// Tells the `#[invalid]` function, within the limit of an event: one that never yields ends the worker as a handler
    /// would.
    fn tell(&mut self, invalid: Invalid) {
        let (dispatcher, limit) = (self.dispatcher.clone(), self.dispatcher.shortest_limit());
        self.runtime.block_on(async {
            // On a task of its own, so that a panic ends it alone.
            let mut told = tokio::spawn(async move { dispatcher.invalid(invalid).await });
            match tokio::time::timeout(limit, &mut told).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::error!(target: "centrifugo", %error, "the invalid function panicked");
                }
                Err(_) => {
                    told.abort();
                    tracing::error!(target: "centrifugo", "the invalid function did not end within the time limit");
                }
            }
        });
    }

    fn send(&mut self, header: Header, payload: &[u8]) -> io::Result<()> {
        self.head.clear();
        header.encode(&mut self.head).map_err(io::Error::other)?;
        if payload.len() <= COPIED {
            self.head.extend_from_slice(payload);
            self.sink.write_all(&self.head)?;
            return self.sink.flush();
        }
        write_all(&mut self.sink, &self.head, payload)
    }
}

/// One system call where the system takes it all.
fn write_all(sink: &mut impl Write, mut head: &[u8], mut payload: &[u8]) -> io::Result<()> {
    while !head.is_empty() || !payload.is_empty() {
        match sink.write_vectored(&[IoSlice::new(head), IoSlice::new(payload)]) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                let of_head = written.min(head.len());
                head = &head[of_head..];
                payload = payload.get(written - of_head..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    sink.flush()
}
