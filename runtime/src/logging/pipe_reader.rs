//! The reader of a pipe.

use std::os::fd::AsFd;
use std::thread;
use std::time::{Duration, Instant};

/// How long the reader may take to receive the bytes that were written before. Less than the time for which the process waits for its
/// log before it exits.
const LIMIT: Duration = Duration::from_millis(100);
/// How often the pipe is looked at.
const PERIOD: Duration = Duration::from_millis(1);

/// The reader of a pipe, which may be slow or may have stopped.
#[derive(Default)]
pub(super) struct PipeReader {
    is_late: bool,
}

impl PipeReader {
    /// Waits until the pipe is empty. Returns `false` if this takes too long.
    ///
    /// A reader that takes all bytes of a pipe at once then receives the next write as a whole, if the pipe has room for it.
    pub(super) fn wait(&mut self, pipe: impl AsFd) -> bool {
        let start = Instant::now();
        // A reader that was late may have stopped, so it is not waited for again until it has received everything.
        let limit = if self.is_late { Duration::ZERO } else { LIMIT };
        loop {
            let is_empty = rustix::io::ioctl_fionread(&pipe).unwrap_or_default() == 0;
            self.is_late = !is_empty && start.elapsed() >= limit;
            if is_empty || self.is_late {
                return is_empty;
            }
            thread::sleep(PERIOD);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _, pipe};

    use super::*;

    #[test]
    fn waits_for_a_slow_reader() {
        let (mut read, mut write) = pipe().unwrap();
        let mut reader = PipeReader::default();
        assert!(reader.wait(&write));
        write.write_all(b"line\n").unwrap();
        let thread = thread::spawn(move || {
            thread::sleep(LIMIT / 5);
            let mut line = [0; 5];
            read.read_exact(&mut line).unwrap();
            read
        });
        assert!(reader.wait(&write));
        // The pipe has no reader afterwards.
        drop(thread.join().unwrap());
        assert!(reader.wait(&write));
    }

    #[test]
    fn waits_once_for_a_reader_that_has_stopped() {
        let (mut read, mut write) = pipe().unwrap();
        let mut reader = PipeReader::default();
        write.write_all(b"line\n").unwrap();
        let start = Instant::now();
        assert!(!reader.wait(&write));
        assert!(start.elapsed() >= LIMIT);
        assert!(reader.is_late && !reader.wait(&write));
        read.read_exact(&mut [0; 5]).unwrap();
        assert!(reader.wait(&write));
        assert!(!reader.is_late);
    }
}
