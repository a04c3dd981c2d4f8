//! The subscriber of programs that set none. It writes to standard error: standard output belongs to RoadRunner.

use std::io::{IsTerminal, Write};

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::line_queue::STANDARD_ERROR;

/// A longer line of the log is cut: the text of an error may be of any length.
const MAX_LINE: usize = 64 * 1024;

/// Sets the subscriber, unless the program has set one. `RUST_LOG` chooses what is printed, in the form
/// `info,centrifugo=debug`; `info` unless set.
pub(crate) fn init() {
    let text = std::env::var("RUST_LOG").unwrap_or_default();
    let chosen = text.parse::<Targets>();
    let filter = match &chosen {
        Ok(targets) if !text.is_empty() => targets.clone(),
        _ => Targets::new().with_default(tracing::Level::INFO),
    };
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(Lines)
        .with_ansi(std::io::stderr().is_terminal());
    if tracing_subscriber::registry()
        .with(layer)
        .with(filter)
        .try_init()
        .is_ok()
        && let Err(error) = chosen
    {
        tracing::warn!(target: "centrifugo", %error, "RUST_LOG is malformed; logging at level info");
    }
}

/// Queues lines for the thread that writes them. The subscriber hands over each event as one piece.
#[derive(Clone, Copy)]
struct Lines;

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        match cut(line) {
            None => STANDARD_ERROR.push(line),
            Some(kept) => STANDARD_ERROR.push(&[kept, " … (cut)\n".as_bytes()].concat()),
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

/// The beginning of a line that is too long, up to a whole character.
fn cut(line: &[u8]) -> Option<&[u8]> {
    let mut end = MAX_LINE;
    while line.get(end)? & 0xc0 == 0x80 {
        end -= 1;
    }
    line.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_a_line_between_characters() {
        let line = |text: &str| cut(text.as_bytes()).map(|kept| std::str::from_utf8(kept).unwrap().len());
        assert_eq!(line(&"x".repeat(MAX_LINE)), None);
        assert_eq!(line(&"x".repeat(MAX_LINE + 1)), Some(MAX_LINE));
        assert_eq!(line(&"€".repeat(MAX_LINE)), Some(MAX_LINE / 3 * 3));
        assert_eq!(line(&format!("x{}", "😀".repeat(MAX_LINE))), Some(MAX_LINE - 3));
    }
}
