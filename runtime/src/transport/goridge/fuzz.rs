//! Any bytes into the codec, the worker loop and the dispatcher, for cargo-fuzz.

use std::io;
use std::sync::{Arc, OnceLock};

use tokio::runtime::{Builder, Runtime};

use super::frame::{self, Header};
use super::reader::Source;
use super::{Control, Limits, Worker};
use crate::dispatch::Dispatcher;
use crate::event::{Event, Kind, Metadata};

/// Gives its bytes in pieces.
struct Pieces<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl Source for Pieces<'_> {
    fn read_into(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        let size = self.size.min(buf.capacity() - buf.len()).min(self.bytes.len());
        let (piece, rest) = self.bytes.split_at(size);
        buf.extend_from_slice(piece);
        self.bytes = rest;
        Ok(size)
    }
}

fn program() -> Option<&'static (Runtime, Arc<Dispatcher>)> {
    static PROGRAM: OnceLock<Option<(Runtime, Arc<Dispatcher>)>> = OnceLock::new();
    PROGRAM
        .get_or_init(|| {
            // As `Server::run` has it: a handle alone does not drive a runtime of one thread.
            let runtime = Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .ok()?;
            let dispatcher = runtime.block_on(Dispatcher::builder().build()).ok()?;
            Some((runtime, Arc::new(dispatcher)))
        })
        .as_ref()
}

fn run(bytes: &[u8], size: usize) -> Vec<u8> {
    let Some((runtime, dispatcher)) = program() else {
        return Vec::new();
    };
    let mut sink = Vec::new();
    let limits = Limits {
        max_frame_len: 1 << 20,
        max_events: None,
    };
    let control = Arc::new(Control::new());
    let source = Pieces { bytes, size };
    let handle = runtime.handle().clone();
    let _ = Worker::new(source, &mut sink, dispatcher.clone(), control, handle, limits).run();
    sink
}

/// The bytes as a stream, as one event of each kind in a frame, and as each kind's body.
pub fn fuzz(bytes: &[u8]) {
    let size = bytes.first().map_or(1, |byte| usize::from(*byte) + 1);
    run(bytes, size);
    for kind in Kind::ALL {
        if let Some(name) = kind.relay_name() {
            let context = format!(r#"{{"type":["{name}"]}}"#);
            let payload = [context.as_bytes(), bytes].concat();
            let mut stream = Vec::new();
            let header = Header::new(frame::PROTO, payload.len()).option(context.len() as u32);
            if header.encode(&mut stream).is_ok() {
                stream.extend(payload);
                let answer = run(&stream, size);
                assert!(!answer.is_empty(), "an event without an answer");
            }
        }
        if let Some((runtime, dispatcher)) = program() {
            let event = Event::new(kind, Metadata::default(), bytes.to_vec().into());
            let _ = runtime.block_on(dispatcher.dispatch(event)).encode(kind);
        }
    }
}
