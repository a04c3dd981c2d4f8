//! The log of a program that a command has started.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::invoke::LogLine;

/// How many lines are kept.
const MAX_LINES: usize = 10_000;
/// The longest line, in bytes. The rest of a longer one is left out.
const MAX_LINE_LEN: u64 = 64 << 10;

/// What a program prints, line by line. Only the newest lines are kept.
#[derive(Clone, Debug, Default)]
pub struct ProgramLog(Arc<(Mutex<Lines>, Condvar)>);

#[derive(Debug, Default)]
struct Lines {
    lines: VecDeque<LogLine>,
    /// The number of lines that were removed.
    removed: u64,
    /// The number of outputs that have not ended.
    open: usize,
}

impl ProgramLog {
    /// Reads an output on a thread of its own.
    pub(super) fn read(&self, output: impl Read + Send + 'static) {
        let log = self.clone();
        log.change(|lines| lines.open += 1);
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(line) = next_line(&mut output) {
                log.change(|lines| lines.push(LogLine::parse(&line)));
            }
            log.change(|lines| lines.open -= 1);
        });
    }

    /// Returns the number of lines up to now, including those that are no longer kept.
    pub fn position(&self) -> u64 {
        let lines = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.removed + lines.lines.len() as u64
    }

    /// Returns the lines after a position.
    pub fn since(&self, position: u64) -> Vec<LogLine> {
        let lines = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.since(position).cloned().collect()
    }

    /// Waits until `find` returns something for the lines after a position, the program has closed its output, or the limit is
    /// reached.
    pub fn wait_for<T>(
        &self,
        position: u64,
        limit: Duration,
        find: impl Fn(&LogLine) -> Option<T>,
    ) -> Option<T> {
        let end = Instant::now() + limit;
        let (lines, changed) = &*self.0;
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let found = lines.since(position).find_map(&find);
            let left = end.saturating_duration_since(Instant::now());
            if found.is_some() || lines.open == 0 || left.is_zero() {
                return found;
            }
            (lines, _) = changed
                .wait_timeout(lines, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn change(&self, change: impl FnOnce(&mut Lines)) {
        change(&mut self.0.0.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.1.notify_all();
    }
}

impl Lines {
    fn push(&mut self, line: LogLine) {
        if self.lines.len() == MAX_LINES {
            self.lines.pop_front();
            self.removed += 1;
        }
        self.lines.push_back(line);
    }

    fn since(&self, position: u64) -> impl Iterator<Item = &LogLine> {
        let skipped = position.saturating_sub(self.removed);
        self.lines.iter().skip(skipped.try_into().unwrap_or(usize::MAX))
    }
}

/// Reads a line, and skips what is too long of it. Returns `None` at the end.
fn next_line(output: &mut BufReader<impl Read>) -> Option<String> {
    let mut line = Vec::new();
    output
        .by_ref()
        .take(MAX_LINE_LEN)
        .read_until(b'\n', &mut line)
        .ok()?;
    if line.is_empty() {
        return None;
    }
    if !line.ends_with(b"\n") && line.len() as u64 == MAX_LINE_LEN {
        output.skip_until(b'\n').ok()?;
    }
    Some(String::from_utf8_lossy(&line).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_newest_lines_and_cuts_long_ones() {
        let log = ProgramLog::default();
        let text = (0..MAX_LINES + 5)
            .map(|number| format!("{number}\n"))
            .collect::<String>()
            + &"x".repeat(1 << 20)
            + "\nlast";
        log.read(std::io::Cursor::new(text));
        let last = |line: &LogLine| (line.text == "last").then_some(());
        assert!(log.wait_for(0, Duration::from_secs(10), last).is_some());
        let lines = log.since(0);
        assert_eq!((lines.len(), lines[0].text.as_str()), (MAX_LINES, "7"));
        assert_eq!(lines[MAX_LINES - 2].text.len() as u64, MAX_LINE_LEN);
        assert_eq!(log.since(log.position() - 1).len(), 1);
    }

    #[test]
    fn does_not_wait_for_a_closed_output() {
        let log = ProgramLog::default();
        log.read(&b"one\n"[..]);
        let start = Instant::now();
        assert!(log.wait_for(0, Duration::from_secs(60), |_| None::<()>).is_none());
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
