//! The worker loop over streams, held against what it owes to each of their frames: for cargo-fuzz, and for properties.

use std::io::{self, IoSlice, Write};
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use super::control::Control;
use super::frame_reader::Source;
use super::model::{Asks, CONTROL, ERROR, End, JSON, MOST, PROTO, Stream};
#[cfg(fuzzing)]
use super::model::{Frame, NAMES};
use super::worker::{Exit, Limits, Worker};
use crate::dispatch::Dispatcher;
use crate::event::Kind;
#[cfg(fuzzing)]
use crate::event::{Event, Metadata};
#[cfg(fuzzing)]
use crate::fuzzing::Choices;
use crate::goridge::Header;

/// Gives its bytes in pieces.
struct Pieces<'a> {
    bytes: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Source for Pieces<'_> {
    fn read_into(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        let size = self.sizes.next().copied().unwrap_or(1);
        let size = size.min(buf.capacity() - buf.len()).min(self.bytes.len());
        let (piece, rest) = self.bytes.split_at(size);
        buf.extend_from_slice(piece);
        self.bytes = rest;
        Ok(size)
    }
}

/// Takes so many bytes at once.
struct Narrow {
    taken: Vec<u8>,
    width: usize,
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let before = self.taken.len();
        for part in parts {
            let room = self.width.saturating_sub(self.taken.len() - before);
            self.taken.extend_from_slice(&part[..part.len().min(room)]);
        }
        Ok(self.taken.len() - before)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One frame of the loop's.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) header: Header,
    pub(super) payload: Vec<u8>,
}

impl Answer {
    pub(super) fn is_error(&self) -> bool {
        self.header.flags == ERROR | PROTO
    }

    /// All frames of these bytes.
    fn all(mut bytes: &[u8]) -> Vec<Self> {
        let mut answers = Vec::new();
        while !bytes.is_empty() {
            let header = Header::parse(bytes).ok().flatten().expect("a header");
            let len = header.len() + header.payload_len;
            let (frame, rest) = bytes.split_at_checked(len).expect("a whole frame");
            let payload = frame[header.len()..].to_vec();
            answers.push(Self { header, payload });
            bytes = rest;
        }
        answers
    }
}

/// What runs the loop.
pub(super) struct Program {
    runtime: Runtime,
    dispatcher: Arc<Dispatcher>,
}

impl Program {
    pub(super) fn new(build: impl Future<Output = Dispatcher>) -> Self {
        // As `Server::run` has it: a handle alone does not drive a runtime of one thread.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let dispatcher = Arc::new(runtime.block_on(build));
        Self { runtime, dispatcher }
    }

    fn run(&self, stream: &Stream) -> (Result<Exit, String>, Vec<u8>) {
        let bytes = stream.bytes();
        let mut sink = Narrow {
            taken: Vec::new(),
            width: stream.width,
        };
        let limits = Limits {
            max_frame_len: MOST as usize,
            max_events: stream.max_events,
        };
        let source = Pieces {
            bytes: &bytes,
            sizes: stream.pieces.iter().cycle(),
        };
        let (control, runtime) = (Arc::new(Control::new()), self.runtime.handle().clone());
        let ended = Worker::new(
            source,
            &mut sink,
            self.dispatcher.clone(),
            control,
            runtime,
            limits,
        )
        .run();
        (ended, sink.taken)
    }

    /// Runs the loop over a stream and holds what it wrote against what it owes. The events that handlers were to see, each
    /// with its answer.
    pub(super) fn check<'a>(&self, stream: &'a Stream) -> Vec<(Kind, &'a [u8], Answer)> {
        let (ended, sink) = self.run(stream);
        let mut answers = Answer::all(&sink).into_iter();
        let mut answered = Vec::new();
        let mut stopped = false;
        for frame in &stream.frames {
            match &frame.asks {
                Asks::Nothing => {}
                Asks::Stop => {
                    stopped = true;
                    break;
                }
                Asks::Pid => {
                    let answer = answers
                        .next()
                        .expect("an answer to each command that asks for one");
                    let own = format!(r#"{{"pid":{}}}"#, std::process::id());
                    assert_eq!(answer.header.flags, CONTROL | JSON);
                    assert!(answer.header.options().is_empty());
                    assert_eq!(answer.payload, own.as_bytes());
                }
                Asks::Event(kind, body) => {
                    let answer = answers.next().expect("an answer to each event");
                    let is_over = stream.max_events == Some(answered.len() as u64);
                    match kind {
                        None => assert!(answer.is_error() && !answer.payload.is_empty(), "{answer:?}"),
                        Some(_) if is_over => {
                            assert_eq!(answer.header.flags, PROTO);
                            assert_eq!(answer.header.options(), [13]);
                            assert_eq!(answer.payload, br#"{"stop":true}"#);
                            continue;
                        }
                        Some(_) => assert!(answer.is_error() || answer.header.flags == PROTO, "{answer:?}"),
                    }
                    assert_eq!(answer.header.options(), [0]);
                    assert_eq!(answer.header.stream, 0);
                    answered.extend(kind.map(|kind| (kind, body.as_slice(), answer)));
                }
            }
        }
        assert!(answers.next().is_none(), "an answer that nothing asked for");
        match (stopped, stream.end) {
            (true, _) => assert_eq!(ended, Ok(Exit::Stop)),
            (false, End::Broken) => assert!(ended.is_err(), "{ended:?}"),
            (false, End::Whole | End::Cut) => assert_eq!(ended, Ok(Exit::EndOfFile)),
        }
        answered
    }
}

/// The bytes as a stream, as choices of one, as one event of each kind in a frame, and as each kind's body.
#[cfg(fuzzing)]
pub fn worker(bytes: &[u8]) {
    static PROGRAM: std::sync::OnceLock<Program> = std::sync::OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        Program::new(async {
            crate::startup::Builder::default()
                .build()
                .await
                .expect("handlers without mistakes")
        })
    });
    let of = |frames, rest| Stream {
        frames,
        end: End::Whole,
        rest,
        pieces: vec![bytes.first().map_or(1, |byte| usize::from(*byte) + 1)],
        width: usize::MAX,
        max_events: None,
    };
    let _ = program.run(&of(Vec::new(), bytes.to_vec()));

    let mut choices = Choices(bytes);
    let end = choices.of(&[End::Whole, End::Cut, End::Broken]);
    program.check(&Stream::choose(&mut choices, end));

    let frames = NAMES.into_iter().map(|(name, kind)| {
        let context = format!(r#"{{"type":["{name}"]}}"#);
        let payload = [context.as_bytes(), bytes].concat();
        let asks = Asks::Event(Some(kind), bytes.to_vec());
        Frame::new(PROTO, 0, &[context.len() as u32], &payload, asks)
    });
    program.check(&of(frames.collect(), Vec::new()));
    for kind in Kind::ALL {
        let event = Event::new(kind, Metadata::default(), bytes.to_vec().into());
        let running = program.dispatcher.dispatch(event);
        let _ = program.runtime.block_on(running).encode(kind);
    }
}
