//! A bounded queue of lines, and the thread that writes them to standard error.

use std::cell::Cell;
use std::fs::File;
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileTypeExt as _;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, iter, mem, thread};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::pipe_reader::PipeReader;
use crate::metrics::log_line_dropped;

/// The maximum number of bytes that are queued or being written. If the reader of standard error is slow, further lines are
/// dropped and counted.
const CAPACITY: usize = 1 << 20;
/// The most bytes of lines that are written together.
const MAX_WRITE_LEN: usize = 16 * 1024;
/// How long the thread waits for further lines, so that it does not wake up for each line.
const PAUSE: Duration = Duration::from_millis(5);
/// How long the thread waits for the reader of a pipe between two writes.
const PIPE_PAUSE: Duration = Duration::from_millis(1);
/// The memory of a queued line in addition to its text, in bytes.
const OVERHEAD: usize = size_of::<usize>();
/// The most memory that the thread keeps for the text of its next lines, in bytes.
const MAX_KEPT: usize = 256 * 1024;

/// The queue of the process's standard error.
pub(super) static STANDARD_ERROR: LineQueue = LineQueue::new(write_to_standard_error);

thread_local! {
    /// Whether this thread counts a dropped line.
    static IS_COUNTING: Cell<bool> = const { Cell::new(false) };
}

/// A queue of lines for a reader that may be slow or may have stopped.
pub(super) struct LineQueue {
    state: Mutex<State>,
    /// Notified when an entry is queued and when it is written.
    changed: Condvar,
    write: fn(&[u8]),
}

struct State {
    /// The queued lines. Those that the thread is writing are not in it.
    lines: Lines,
    /// The memory of the lines that are queued or being written, in bytes.
    bytes: usize,
    /// The number of lines that were dropped after those in `lines`.
    dropped: u64,
    /// The total number of queued entries, and of written ones. An entry is a line or a number of dropped lines.
    queued: u64,
    written: u64,
    has_thread: bool,
    /// Whether the thread waits for the next line.
    is_waiting: bool,
    /// The number of threads that wait until lines are written.
    flushes: usize,
}

/// Lines in one buffer.
struct Lines {
    text: Vec<u8>,
    /// The length of each line in `text`.
    lens: Vec<usize>,
}

impl LineQueue {
    const fn new(write: fn(&[u8])) -> Self {
        Self {
            state: Mutex::new(State {
                lines: Lines::new(),
                bytes: 0,
                dropped: 0,
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
        if !is_queued && !IS_COUNTING.replace(true) {
            // The lock is released first, because a recorder may log. Its own lines are not counted.
            log_line_dropped();
            IS_COUNTING.set(false);
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
        let is_pipe = standard_error_is_pipe();
        let mut reader = PipeReader::default();
        let mut lines = Lines::new();
        loop {
            self.take(&mut lines);
            let mut writes = lines.writes().peekable();
            while let Some((text, count)) = writes.next() {
                if is_pipe {
                    // RoadRunner reads 64 KiB at once, as much as a pipe holds, and cuts off a line of which the pipe has a part.
                    reader.wait(rustix::stdio::stderr());
                }
                (self.write)(text);
                let has_flushes = self.record_written(text.len(), count);
                if has_flushes {
                    continue;
                }
                if is_pipe {
                    thread::sleep(PIPE_PAUSE);
                } else if writes.peek().is_none() {
                    thread::sleep(PAUSE);
                }
            }
            drop(writes);
            lines.clear();
        }
    }

    /// Waits for lines, and moves all of them to `lines`, which is empty.
    fn take(&self, lines: &mut Lines) {
        let mut state = self.lock();
        while !state.take(lines) {
            state.is_waiting = true;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.is_waiting = false;
        }
    }

    /// Returns whether a thread waits until lines are written.
    fn record_written(&self, len: usize, count: usize) -> bool {
        let mut state = self.lock();
        state.bytes -= len + count * OVERHEAD;
        state.written += count as u64;
        let has_flushes = state.flushes > 0;
        drop(state);
        if has_flushes {
            self.changed.notify_all();
        }
        has_flushes
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns `false` if the line is dropped.
    fn push(&mut self, line: &[u8]) -> bool {
        let is_full = self.bytes > 0 && self.bytes + line.len() + OVERHEAD > CAPACITY;
        // After a dropped line, half of the queue has to be written before the next line is queued. Otherwise lines and
        // counts would alternate.
        let is_draining = self.dropped > 0 && self.bytes > CAPACITY / 2;
        if is_full || is_draining {
            // The number is one entry.
            self.queued += u64::from(self.dropped == 0);
            self.dropped += 1;
            return false;
        }
        self.push_dropped();
        self.queued += 1;
        self.add(line);
        true
    }

    /// Queues the number of dropped lines, if there are any.
    fn push_dropped(&mut self) {
        let count = mem::take(&mut self.dropped);
        if count > 0 {
            self.add(
                format!("centrifugo: {count} log lines dropped: standard error was not read in time\n")
                    .as_bytes(),
            );
        }
    }

    fn add(&mut self, line: &[u8]) {
        self.bytes += line.len() + OVERHEAD;
        self.lines.push(line);
    }

    /// Moves all lines to `lines`, which is empty. Returns `false` if there are none.
    fn take(&mut self, lines: &mut Lines) -> bool {
        if self.lines.lens.is_empty() {
            self.push_dropped();
        }
        mem::swap(&mut self.lines, lines);
        !lines.lens.is_empty()
    }
}

impl Lines {
    const fn new() -> Self {
        Self {
            text: Vec::new(),
            lens: Vec::new(),
        }
    }

    fn push(&mut self, line: &[u8]) {
        self.text.extend_from_slice(line);
        self.lens.push(line.len());
    }

    /// Returns the lines to write together, with their number: at most [`MAX_WRITE_LEN`] bytes, and at least one line.
    fn writes(&self) -> impl Iterator<Item = (&[u8], usize)> {
        let (mut text, mut lens) = (&self.text[..], &self.lens[..]);
        iter::from_fn(move || {
            let (mut len, mut count) = (*lens.first()?, 1);
            while let Some(next) = lens.get(count)
                && len + next <= MAX_WRITE_LEN
            {
                len += next;
                count += 1;
            }
            let write;
            (write, text) = text.split_at_checked(len)?;
            lens = lens.get(count..)?;
            Some((write, count))
        })
    }

    /// Removes all lines, and keeps the memory of a short text.
    fn clear(&mut self) {
        self.text.clear();
        self.lens.clear();
        self.text.shrink_to(MAX_KEPT);
        self.lens.shrink_to(MAX_KEPT / OVERHEAD);
    }
}

/// Returns whether standard error is a pipe.
fn standard_error_is_pipe() -> bool {
    let file = io::stderr().as_fd().try_clone_to_owned().map(File::from);
    file.and_then(|file| file.metadata())
        .is_ok_and(|metadata| metadata.file_type().is_fifo())
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
        let lines = mem::take(&mut READER.0.lock().unwrap().get_or_insert_default().lines);
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
            loop {
                thread::park();
            }
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
        assert_eq!(*value, metrics_util::debugging::DebugValue::Counter(2));
    }

    #[cfg(feature = "metrics")]
    mod recorder_that_logs {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicU64, Ordering};

        use ::metrics::{
            Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
        };

        use super::*;

        static QUEUE: LineQueue = LineQueue::new(|_| {
            loop {
                thread::park();
            }
        });
        static COUNTED: AtomicU64 = AtomicU64::new(0);

        /// A recorder, and a counter that logs to the full queue.
        struct Logs;

        impl CounterFn for Logs {
            fn increment(&self, count: u64) {
                // Without an end, the stack would overflow.
                if COUNTED.fetch_add(count, Ordering::Relaxed) < 10 {
                    QUEUE.push(&[b'x'; CAPACITY]);
                }
            }

            fn absolute(&self, _: u64) {}
        }

        impl Recorder for Logs {
            fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

            fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

            fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

            fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
                Counter::from_arc(Arc::new(Self))
            }

            fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
                Gauge::noop()
            }

            fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
                Histogram::noop()
            }
        }

        #[test]
        fn does_not_count_its_own_lines() {
            ::metrics::with_local_recorder(&Logs, || {
                for dropped in 0..3 {
                    QUEUE.push(&[b'x'; CAPACITY]);
                    assert_eq!(COUNTED.load(Ordering::Relaxed), dropped);
                }
            });
        }
    }

    #[test]
    fn accepts_a_block_over_the_capacity_if_the_queue_is_empty() {
        let mut state = LineQueue::new(|_| ()).state.into_inner().unwrap();
        assert!(state.push(&[b'x'; 2 * CAPACITY]));
        assert!(!state.push(b"y"));
        let mut lines = Lines::new();
        assert!(state.take(&mut lines));
        assert_eq!((lines.text.len(), lines.writes().count()), (2 * CAPACITY, 1));
        // The block is not written yet.
        assert!(!state.push(b"z"));
        state.bytes = 0;
        lines.clear();
        assert!(state.take(&mut lines));
        assert!(lines.text.starts_with(b"centrifugo: 2 log lines dropped"));
        lines.clear();
        assert!(!state.take(&mut lines));
    }

    #[test]
    fn writes_whole_lines_together() {
        let mut lines = Lines::new();
        let lens = [0, 1, MAX_WRITE_LEN - 1, 1, 3 * MAX_WRITE_LEN, MAX_WRITE_LEN, 5, 6];
        for (byte, len) in (b'a'..).zip(lens) {
            lines.push(&vec![byte; len]);
        }
        let writes: Vec<_> = lines
            .writes()
            .map(|(text, count)| (text.first().copied(), text.len(), count))
            .collect();
        let expected = [
            (Some(b'b'), MAX_WRITE_LEN, 3),
            (Some(b'd'), 1, 1),
            (Some(b'e'), 3 * MAX_WRITE_LEN, 1),
            (Some(b'f'), MAX_WRITE_LEN, 1),
            (Some(b'g'), 11, 2),
        ];
        assert_eq!(writes, expected);
        lines.clear();
        assert_eq!(lines.writes().count(), 0);
        assert!(lines.text.capacity() <= MAX_KEPT);
    }
}
