//! The page that the tour prints: one row for each event, and a summary.

#![allow(clippy::print_stdout, reason = "printing is what the program is for")]

use std::time::{Duration, Instant};

use centrifugo::event::EventKind;
use centrifugo::testing::{Answer, HostError};

/// A failure of the tour itself.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Prints rows as they come, and counts the unexpected answers.
#[derive(Default)]
pub(crate) struct Page {
    times: Vec<Duration>,
    unexpected: usize,
}

impl Page {
    /// Prints the names of the columns.
    pub(crate) fn header() {
        println!(
            "{:<31} {:<34} {:<46} {:>9}",
            "event", "sent", "the client sees", "took"
        );
        println!("{:-<31} {:-<34} {:-<46} {:->9}", "", "", "", "");
    }

    /// Sends one event and prints what the client sees: `describe` puts a result into words.
    pub(crate) fn row<K: EventKind>(
        &mut self,
        event: &str,
        sent: &str,
        expected: &str,
        send: impl FnOnce() -> Result<Answer<K>, HostError>,
        describe: impl FnOnce(&K::Result) -> String,
    ) -> Result<(), Failure> {
        self.print(event, sent, expected, || {
            let answer = send()?;
            Ok(answer.result().map_or_else(|| answer.client_sees(), describe))
        })
    }

    /// Prints one row; `send` returns the text of the third column.
    pub(crate) fn print(
        &mut self,
        event: &str,
        sent: &str,
        expected: &str,
        send: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<(), Failure> {
        let start = Instant::now();
        let seen = send()?;
        let took = start.elapsed();
        println!("{event:<31} {sent:<34} {seen:<46} {}", milliseconds(took));
        if seen != expected {
            println!("{:<31} {:<34} UNEXPECTED: it should be `{expected}`", "", "");
            self.unexpected += 1;
        }
        self.times.push(took);
        Ok(())
    }

    /// Prints the totals; fails if an answer was not the expected one.
    pub(crate) fn summary(mut self) -> Result<(), Failure> {
        self.times.sort_unstable();
        let count = self.times.len();
        let median = self.times.get(count / 2).copied().unwrap_or_default();
        let slowest = self.times.last().copied().unwrap_or_default();
        println!(
            "\n{count} events, {} answered as expected. Median {}, slowest {}.",
            count - self.unexpected,
            milliseconds(median).trim_start(),
            milliseconds(slowest).trim_start(),
        );
        match self.unexpected {
            0 => Ok(()),
            unexpected => Err(format!("{unexpected} of {count} answers were unexpected").into()),
        }
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:>6.2} ms", time.as_secs_f64() * 1000.0)
}
