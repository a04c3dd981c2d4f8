//! What the proxy tells about the calls that pass through it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use tokio::sync::mpsc;

use super::{Message, Status};

/// The number of a call.
pub(crate) type EventId = u64;

/// Observations that may wait. Calls that begin while more of them wait are not observed.
const MAX_WAITING: usize = 20_000;
/// Bytes of messages that may wait. Messages that come while more of them wait are left out of the copy.
const MAX_WAITING_BYTES: usize = 64 << 20;

/// Where a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Centrifugo, or another caller of the proxy's address.
    Caller,
    /// The form of the console.
    Console,
}

/// The direction of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    FromClient,
    ToClient,
}

/// Something that happened to a call, or a line of the program's log.
#[derive(Debug)]
pub(crate) enum Observation {
    Opened {
        id: EventId,
        at: SystemTime,
        path: String,
        metadata: HeaderMap,
        source: Source,
    },
    Message {
        id: EventId,
        at: SystemTime,
        direction: Direction,
        message: Message,
    },
    Ended {
        id: EventId,
        at: SystemTime,
        duration: Duration,
        status: Status,
        /// Whether the program sent the status, rather than this proxy.
        is_from_program: bool,
    },
    /// A line that the program has printed.
    Log { at: SystemTime, line: String },
}

/// Takes observations without ever making a call wait.
#[derive(Clone)]
pub(crate) struct Observer {
    sender: mpsc::UnboundedSender<Observation>,
    waiting: Arc<Waiting>,
}

/// How much waits to be read.
#[derive(Default)]
struct Waiting {
    observations: AtomicUsize,
    bytes: AtomicUsize,
    /// Calls that were not observed.
    missed: AtomicU64,
}

/// The other end of an [`Observer`].
pub(crate) struct Observations {
    receiver: mpsc::UnboundedReceiver<Observation>,
    waiting: Arc<Waiting>,
}

impl Observer {
    pub(crate) fn new() -> (Self, Observations) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let waiting = Arc::<Waiting>::default();
        let observations = Observations {
            receiver,
            waiting: Arc::clone(&waiting),
        };
        (Self { sender, waiting }, observations)
    }

    /// Returns whether a call that begins now is observed, and counts it otherwise.
    pub(super) fn observes_next(&self) -> bool {
        let has_room = self.has_room();
        if !has_room {
            self.waiting.missed.fetch_add(1, Ordering::Relaxed);
        }
        has_room
    }

    /// Adds a log line. Lines are left out while too much waits.
    pub(crate) fn log(&self, line: &str) {
        if self.has_room() && self.has_room_for(line.len()) {
            self.send(Observation::Log {
                at: SystemTime::now(),
                line: line.to_owned(),
            });
        }
    }

    fn has_room(&self) -> bool {
        self.waiting.observations.load(Ordering::Relaxed) < MAX_WAITING
    }

    /// Whether the bytes of another observation may wait.
    fn has_room_for(&self, len: usize) -> bool {
        self.waiting.bytes.load(Ordering::Relaxed) + len <= MAX_WAITING_BYTES
    }

    /// Adds a message of a call. Messages of long streams are left out while too much waits.
    pub(super) fn message(&self, id: EventId, direction: Direction, mut message: Message, is_first: bool) {
        if !is_first && !self.has_room() {
            return;
        }
        if let Some(bytes) = &message.bytes
            && !self.has_room_for(bytes.len())
        {
            message.bytes = None;
        }
        self.send(Observation::Message {
            id,
            at: SystemTime::now(),
            direction,
            message,
        });
    }

    pub(super) fn send(&self, observation: Observation) {
        self.waiting.observations.fetch_add(1, Ordering::Relaxed);
        self.waiting
            .bytes
            .fetch_add(kept_len(&observation), Ordering::Relaxed);
        // An error means that this process is ending.
        let _ = self.sender.send(observation);
    }
}

impl Observations {
    /// Waits for the next observation. Returns `None` if there is no observer any more.
    pub(crate) async fn next(&mut self) -> Option<Observation> {
        let observation = self.receiver.recv().await?;
        self.waiting.observations.fetch_sub(1, Ordering::Relaxed);
        self.waiting
            .bytes
            .fetch_sub(kept_len(&observation), Ordering::Relaxed);
        Some(observation)
    }

    /// Returns the number of calls that were not observed since the last time.
    pub(crate) fn take_missed(&self) -> u64 {
        self.waiting.missed.swap(0, Ordering::Relaxed)
    }
}

fn kept_len(observation: &Observation) -> usize {
    match observation {
        Observation::Message { message, .. } => message.bytes.as_ref().map_or(0, bytes::Bytes::len),
        Observation::Log { line, .. } => line.len(),
        Observation::Opened { .. } | Observation::Ended { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn log_lines_that_wait_are_limited_by_their_bytes() {
        let (observer, mut observations) = Observer::new();
        let line = "x".repeat(1 << 20);
        let most = MAX_WAITING_BYTES / line.len();
        for _ in 0..2 * most {
            observer.log(&line);
        }
        assert_eq!(observer.waiting.observations.load(Ordering::Relaxed), most);
        observations.next().await.unwrap();
        observer.log(&line);
        observer.log(&line);
        assert_eq!(observer.waiting.observations.load(Ordering::Relaxed), most);
    }
}
