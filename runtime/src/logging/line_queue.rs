//! A bounded queue of lines, and the thread that writes them to standard error.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use crate::metrics::log_line_dropped;

/// The maximum number of queued bytes. If the reader of standard error is slow, further lines are dropped and counted.
const CAPACITY: usize = 1 << 20;
/// The most bytes of lines that are written together. RoadRunner reads 32 KiB at once, and cuts off a line at the end.
const MAX_WRITE_LEN: usize = 16 * 1024;
/// How long the thread waits between two writes, so that it does not wake up for each line.
const PAUSE: Duration = Duration::from_millis(1);
/// The memory of a queued line in addition to its text, in bytes.
const OVERHEAD: usize = 32;

/// The queue of the process's standard error.
pub(super) static STANDARD_ERROR: LineQueue = LineQueue::new(write_to_standard_error);

/// A queue of lines for a reader that may be slow or may have stopped.
pub(super) struct LineQueue {
    state: Mutex<State>,
    /// Notified when an entry is queued and when it is written.
    changed: Condvar,
    write: fn(&[u8]),
}

struct State {
    entries: VecDeque<Entry>,
    /// The memory of the lines in `entries`, in bytes.
    bytes: usize,
    /// The total number of queued entries, and of written ones.
    queued: u64,
    written: u64,
    has_thread: bool,
    /// Whether the thread waits for the next line.
    is_waiting: bool,
    /// The number of threads that wait until lines are written.
    flushes: usize,
}

enum Entry {
    Line(Box<[u8]>),
    /// The number of lines that were dropped here.
    Dropped(u64),
}

impl LineQueue {
    const fn new(write: fn(&[u8])) -> Self {
        Self {
            state: Mutex::new(State {
                entries: VecDeque::new(),
                bytes: 0,
                queued: 0,
                written: 0,
                has_thread: false,
                is_waiting: false,
                flushes: 0,
            }),
            changed: Condvar::new(),
            write,
        }
    }

    /// Queues one or more complete lines, which are written with one system call. Drops them if the queue is full.
    pub(super) fn push(&'static self, line: &[u8]) {
        let mut state = self.lock();
        if !state.has_thread {
            if !self.start_thread() {
                // If the thread cannot be started, the caller writes the line.
                drop(state);
                return (self.write)(line);
            }
            state.has_thread = true;
        }
        let is_queued = state.push(line);
        let is_waiting = state.is_waiting;
        drop(state);
        if is_waiting {
            self.changed.notify_all();
        }
        if !is_queued {
            // The lock is released first, because a recorder may log.
            log_line_dropped();
        }
    }

    /// Waits until all lines that are queued now are written. Returns `false` if this takes longer than the timeout.
    pub(super) fn flush(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let mut state = self.lock();
        let queued = state.queued;
        state.flushes += 1;
        while state.written < queued {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            (state, _) = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.flushes -= 1;
        state.written >= queued
    }

    fn start_thread(&'static self) -> bool {
        thread::Builder::new()
            .name("centrifugo-log".into())
            .stack_size(64 * 1024)
            .spawn(|| self.write_lines())
            .is_ok()
    }

    /// Writes lines until the process exits. Lines that are queued within a short time are written together.
    fn write_lines(&self) {
        let mut text = Vec::new();
        let mut state = self.lock();
        loop {
            let count = state.take_text(&mut text);
            if count == 0 {
                state.is_waiting = true;
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.is_waiting = false;
                continue;
            }
            drop(state);
            (self.write)(&text);
            text.clear();
            state = self.lock();
            state.written += count;
            if state.flushes > 0 {
                self.changed.notify_all();
            } else {
                drop(state);
                thread::sleep(PAUSE);
                state = self.lock();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns `false` if the line is dropped.
    fn push(&mut self, line: &[u8]) -> bool {
        let cost = line.len() + OVERHEAD;
        let is_full = self.bytes > 0 && self.bytes + cost > CAPACITY;
        // After a dropped line, half of the queue has to be written before the next line is queued. Otherwise lines and
        // counts would alternate.
        let is_draining = self.bytes > CAPACITY / 2;
        match self.entries.back_mut() {
            Some(Entry::Dropped(count)) if is_full || is_draining => {
                *count += 1;
                false
            }
            _ if is_full => {
                self.add(Entry::Dropped(1));
                false
            }
            _ => {
                self.bytes += cost;
                self.add(Entry::Line(line.into()));
                true
            }
        }
    }

    fn add(&mut self, entry: Entry) {
        self.entries.push_back(entry);
        self.queued += 1;
    }

    /// Moves the first entries to a text of at most [`MAX_WRITE_LEN`] bytes, and at least one. Returns their number.
    fn take_text(&mut self, text: &mut Vec<u8>) -> u64 {
        let mut count = 0;
        while let Some(entry) = self.entries.pop_front_if(|entry| {
            text.is_empty() || matches!(entry, Entry::Line(line) if text.len() + line.len() <= MAX_WRITE_LEN)
        }) {
            count += 1;
            match entry {
                Entry::Line(line) => {
                    self.bytes -= line.len() + OVERHEAD;
                    text.extend_from_slice(&line);
                }
                Entry::Dropped(count) => text.extend_from_slice(
                    format!("centrifugo: {count} log lines dropped: standard error was not read in time\n")
                        .as_bytes(),
                ),
            }
        }
        count
    }
}

/// Writes all bytes, with one system call if the kernel accepts all of them. Bytes that cannot be written are lost.
///
/// This does not use `std::io::stderr`, whose lock would block other threads of the program while the reader is slow.
fn write_to_standard_error(mut bytes: &[u8]) {
    let stderr = rustix::stdio::stderr();
    while !bytes.is_empty() {
        match rustix::io::write(stderr, bytes) {
            Ok(0) => return,
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => match poll(&mut [PollFd::new(&stderr, PollFlags::OUT)], None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            },
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader of the test's queue, which can stop reading.
    #[derive(Default)]
    struct Reader {
        is_stopped: bool,
        lines: Vec<String>,
    }

    static READER: (Mutex<Option<Reader>>, Condvar) = (Mutex::new(None), Condvar::new());

    fn write_to_reader(bytes: &[u8]) {
        let mut reader = READER.0.lock().unwrap();
        while reader.get_or_insert_default().is_stopped {
            reader = READER.1.wait(reader).unwrap();
        }
        assert!(bytes.len() <= MAX_WRITE_LEN);
        let text = std::str::from_utf8(bytes).unwrap();
        let lines = text.split_inclusive('\n').map(str::to_owned);
        reader.get_or_insert_default().lines.extend(lines);
    }

    #[test]
    fn drops_and_counts_lines_while_the_reader_has_stopped() {
        static QUEUE: LineQueue = LineQueue::new(write_to_reader);
        let stop = |is_stopped| {
            READER.0.lock().unwrap().get_or_insert_default().is_stopped = is_stopped;
            READER.1.notify_all();
        };
        stop(true);
        let line = format!("{}\n", "x".repeat(999));
        let pushed = 5_000;
        for _ in 0..pushed {
            QUEUE.push(line.as_bytes());
        }
        assert!(!QUEUE.flush(Duration::from_millis(50)));
        let held = QUEUE.lock().bytes;
        assert!(held <= CAPACITY, "{held} bytes");
        stop(false);
        assert!(QUEUE.flush(Duration::from_secs(60)));
        QUEUE.push(b"after\n");
        assert!(QUEUE.flush(Duration::from_secs(60)));
        let lines = std::mem::take(&mut READER.0.lock().unwrap().get_or_insert_default().lines);
        let written = lines.iter().filter(|written| **written == line).count();
        assert!((1_000..1_100).contains(&written), "{written} lines");
        let dropped = pushed - written;
        let expected =
            format!("centrifugo: {dropped} log lines dropped: standard error was not read in time\n");
        assert_eq!(lines[written..], [expected, "after\n".to_owned()]);
    }

    #[cfg(feature = "metrics")]
    #[test]
    fn records_dropped_lines_in_the_metrics() {
        static QUEUE: LineQueue = LineQueue::new(|_| {
            thread::park();
        });
        let recorder = metrics_util::debugging::DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        ::metrics::with_local_recorder(&recorder, || {
            for _ in 0..3 {
                QUEUE.push(&[b'x'; CAPACITY]);
            }
        });
        let [(key, _, _, value)] = &snapshotter.snapshot().into_vec()[..] else {
            panic!("one metric");
        };
        assert_eq!(key.key().name(), "centrifugo_backend_log_lines_dropped_total");
        // The thread of the queue may have taken the first line before the second one was queued.
        let metrics_util::debugging::DebugValue::Counter(dropped) = value else {
            panic!("{value:?}");
        };
        assert!((1..=2).contains(dropped), "{dropped}");
    }

    #[test]
    fn accepts_a_block_over_the_capacity_if_the_queue_is_empty() {
        let mut state = LineQueue::new(|_| ()).state.into_inner().unwrap();
        state.push(&[b'x'; 2 * CAPACITY]);
        state.push(b"y");
        state.push(b"z");
        let mut text = Vec::new();
        assert_eq!((state.take_text(&mut text), text.len()), (1, 2 * CAPACITY));
        text.clear();
        assert_eq!(state.take_text(&mut text), 1);
        assert!(text.starts_with(b"centrifugo: 2 log lines dropped"));
        text.clear();
        assert_eq!((state.take_text(&mut text), state.bytes), (0, 0));
    }
}
