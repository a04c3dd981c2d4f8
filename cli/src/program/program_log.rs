//! The log of a program that a command has started.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::sync::watch;

use crate::invoke::LogLine;
use crate::process::read_lines;

/// How many lines are kept.
const MAX_LINES: usize = 10_000;
/// The longest part of a line that is kept, in bytes.
const MAX_LINE_LEN: usize = 64 << 10;

/// What a program prints, line by line. Only the newest lines are kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProgramLog(Arc<watch::Sender<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    lines: VecDeque<LogLine>,
    /// The number of lines that were removed.
    removed: u64,
    /// The number of outputs that have not ended.
    open: usize,
}

impl ProgramLog {
    /// Reads an output in the background.
    pub(super) fn read(&self, output: impl AsyncRead + Send + Unpin + 'static) {
        let log = Arc::clone(&self.0);
        log.send_modify(|lines| lines.open += 1);
        tokio::spawn(async move {
            let on_line = |line: &str| log.send_modify(|lines| lines.push(LogLine::parse(line.trim_end())));
            // An error is the end of the output, too.
            let _ = read_lines(output, MAX_LINE_LEN, on_line).await;
            log.send_modify(|lines| lines.open -= 1);
        });
    }

    /// Returns the number of lines up to now, including those that are no longer kept.
    pub(crate) fn position(&self) -> u64 {
        let lines = self.0.borrow();
        lines.removed + lines.lines.len() as u64
    }

    /// Returns the lines after a position.
    pub(crate) fn since(&self, position: u64) -> Vec<LogLine> {
        self.0.borrow().since(position).cloned().collect()
    }

    /// Waits until `find` returns something for the lines after a position, the program has closed its output, or the limit is
    /// reached.
    pub(crate) async fn wait_for<T>(
        &self,
        position: u64,
        limit: Duration,
        find: impl Fn(&LogLine) -> Option<T>,
    ) -> Option<T> {
        let mut found = None;
        let mut lines = self.0.subscribe();
        let is_done = |lines: &Lines| {
            found = lines.since(position).find_map(&find);
            found.is_some() || lines.open == 0
        };
        let _ = tokio::time::timeout(limit, lines.wait_for(is_done)).await;
        found
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_the_newest_lines_and_cuts_long_ones() {
        let log = ProgramLog::default();
        let text = (0..MAX_LINES + 5)
            .map(|number| format!("{number}\n"))
            .collect::<String>()
            + &"x".repeat(1 << 20)
            + "\nlast";
        log.read(std::io::Cursor::new(text));
        let last = |line: &LogLine| (line.text == "last").then_some(());
        let found = log.wait_for(0, Duration::from_secs(10), last).await;
        assert!(found.is_some());
        let lines = log.since(0);
        assert_eq!((lines.len(), lines[0].text.as_str()), (MAX_LINES, "7"));
        let expected = "x".repeat(MAX_LINE_LEN) + " […]";
        assert_eq!(lines[MAX_LINES - 2].text, expected);
        assert_eq!(log.since(log.position() - 1).len(), 1);
    }

    #[tokio::test]
    async fn does_not_wait_for_a_closed_output() {
        let log = ProgramLog::default();
        log.read(&b"one\n"[..]);
        let start = std::time::Instant::now();
        let found = log.wait_for(0, Duration::from_secs(60), |_| None::<()>).await;
        assert!(found.is_none() && start.elapsed() < Duration::from_secs(30));
    }
}
