//! Runs the worker loop over generated streams and checks each response, for cargo-fuzz and for property tests.

use std::io::{self, IoSlice, Write};
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

#[cfg(fuzzing)]
use super::expected_response::EVENT_NAMES;
use super::expected_response::ExpectedResponse;
use super::frame_reader::Source;
#[cfg(fuzzing)]
use super::generated_stream::Frame;
use super::generated_stream::{CONTROL, ERROR, InputStream, JSON, MAX_PAYLOAD, PROTO, StreamEnd};
use super::worker::{Exit, Limits, Worker};
use super::worker_state::WorkerState;
use crate::dispatch::Dispatcher;
use crate::event::Kind;
#[cfg(fuzzing)]
use crate::event::{Event, Metadata};
#[cfg(fuzzing)]
use crate::fuzzing::Choices;
use crate::goridge::Header;

/// Returns its bytes in chunks of the given sizes.
struct ChunkedSource<'a> {
    bytes: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Source for ChunkedSource<'_> {
    fn read_into(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        let size = self.sizes.next().copied().unwrap_or(1);
        let size = size.min(buf.capacity() - buf.len()).min(self.bytes.len());
        let (chunk, rest) = self.bytes.split_at(size);
        buf.extend_from_slice(chunk);
        self.bytes = rest;
        Ok(size)
    }
}

/// Accepts at most `write_size` bytes in each call.
struct LimitedSink {
    written: Vec<u8>,
    write_size: usize,
}

impl Write for LimitedSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let before = self.written.len();
        for part in parts {
            let room = self.write_size.saturating_sub(self.written.len() - before);
            self.written.extend_from_slice(&part[..part.len().min(room)]);
        }
        Ok(self.written.len() - before)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A frame that the worker loop wrote.
#[derive(Debug)]
pub(super) struct WrittenFrame {
    pub(super) header: Header,
    pub(super) payload: Vec<u8>,
}

impl WrittenFrame {
    pub(super) fn is_error(&self) -> bool {
        self.header.flags == ERROR | PROTO
    }

    fn parse_all(mut bytes: &[u8]) -> Vec<Self> {
        let mut frames = Vec::new();
        while !bytes.is_empty() {
            let header = Header::parse(bytes).ok().flatten().expect("a complete header");
            let len = header.len() + header.payload_len;
            let (frame, rest) = bytes.split_at_checked(len).expect("a complete frame");
            let payload = frame[header.len()..].to_vec();
            frames.push(Self { header, payload });
            bytes = rest;
        }
        frames
    }
}

/// Runs the worker loop over streams.
pub(super) struct Harness {
    runtime: Runtime,
    dispatcher: Arc<Dispatcher>,
}

impl Harness {
    pub(super) fn new(build: impl Future<Output = Dispatcher>) -> Self {
        // Multi-threaded, as in `Server::run`: a `Handle` alone does not drive a current-thread runtime.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let dispatcher = Arc::new(runtime.block_on(build));
        Self { runtime, dispatcher }
    }

    fn run(&self, stream: &InputStream) -> (Result<Exit, String>, Vec<u8>) {
        let bytes = stream.bytes();
        let mut sink = LimitedSink {
            written: Vec::new(),
            write_size: stream.write_size,
        };
        let limits = Limits {
            max_frame_len: MAX_PAYLOAD as usize,
            max_events: stream.max_events,
        };
        let source = ChunkedSource {
            bytes: &bytes,
            sizes: stream.read_sizes.iter().cycle(),
        };
        let (state, runtime) = (Arc::new(WorkerState::new()), self.runtime.handle().clone());
        let result = Worker::new(source, &mut sink, self.dispatcher.clone(), state, runtime, limits).run();
        (result, sink.written)
    }

    /// Runs the worker loop over a stream and checks what it writes. Returns the events that were dispatched: for each its
    /// kind, its body and the response.
    pub(super) fn check<'a>(&self, stream: &'a InputStream) -> Vec<(Kind, &'a [u8], WrittenFrame)> {
        let (result, written) = self.run(stream);
        let mut responses = WrittenFrame::parse_all(&written).into_iter();
        let mut dispatched = Vec::new();
        let mut is_stopped = false;
        for frame in &stream.frames {
            match &frame.expected {
                ExpectedResponse::None => {}
                ExpectedResponse::Stop => {
                    is_stopped = true;
                    break;
                }
                ExpectedResponse::Pid => {
                    let response = responses.next().expect("a response to the command");
                    let pid = format!(r#"{{"pid":{}}}"#, std::process::id());
                    assert_eq!(response.header.flags, CONTROL | JSON);
                    assert!(response.header.options().is_empty());
                    assert_eq!(response.payload, pid.as_bytes());
                }
                ExpectedResponse::Event(kind, body) => {
                    let response = responses.next().expect("a response to each event");
                    let is_over_max = stream.max_events == Some(dispatched.len() as u64);
                    match kind {
                        None => assert!(
                            response.is_error() && !response.payload.is_empty(),
                            "{response:?}"
                        ),
                        Some(_) if is_over_max => {
                            assert_eq!(response.header.flags, PROTO);
                            assert_eq!(response.header.options(), [13]);
                            assert_eq!(response.payload, br#"{"stop":true}"#);
                            continue;
                        }
                        Some(_) => assert!(
                            response.is_error() || response.header.flags == PROTO,
                            "{response:?}"
                        ),
                    }
                    assert_eq!(response.header.options(), [0]);
                    assert_eq!(response.header.stream, 0);
                    dispatched.extend(kind.map(|kind| (kind, body.as_slice(), response)));
                }
            }
        }
        assert!(responses.next().is_none(), "a response without a request");
        match (is_stopped, stream.end) {
            (true, _) => assert_eq!(result, Ok(Exit::Stop)),
            (false, StreamEnd::Malformed) => assert!(result.is_err(), "{result:?}"),
            (false, StreamEnd::Complete | StreamEnd::Truncated) => assert_eq!(result, Ok(Exit::EndOfFile)),
        }
        dispatched
    }
}

/// Uses the bytes as an input stream, as choices for a generated stream, as the body of one framed event of each kind, and as
/// the body of one dispatched event of each kind.
#[cfg(fuzzing)]
pub fn worker(bytes: &[u8]) {
    static HARNESS: std::sync::OnceLock<Harness> = std::sync::OnceLock::new();
    let harness = HARNESS.get_or_init(|| {
        Harness::new(async {
            crate::startup::Builder::default()
                .build()
                .await
                .expect("valid handlers")
        })
    });
    let stream = |frames, tail| InputStream {
        frames,
        end: StreamEnd::Complete,
        tail,
        read_sizes: vec![bytes.first().map_or(1, |byte| usize::from(*byte) + 1)],
        write_size: usize::MAX,
        max_events: None,
    };
    let _ = harness.run(&stream(Vec::new(), bytes.to_vec()));

    let mut choices = Choices(bytes);
    let end = choices.of(&[StreamEnd::Complete, StreamEnd::Truncated, StreamEnd::Malformed]);
    harness.check(&InputStream::choose(&mut choices, end));

    let frames = EVENT_NAMES.into_iter().map(|(name, kind)| {
        let context = format!(r#"{{"type":["{name}"]}}"#);
        let payload = [context.as_bytes(), bytes].concat();
        let expected = ExpectedResponse::Event(Some(kind), bytes.to_vec());
        Frame::new(PROTO, 0, &[context.len() as u32], &payload, expected)
    });
    harness.check(&stream(frames.collect(), Vec::new()));
    for kind in Kind::ALL {
        let event = Event::new(kind, Metadata::default(), bytes.to_vec().into());
        let running = harness.dispatcher.dispatch(event);
        let _ = harness.runtime.block_on(running).encode(kind);
    }
}
