//! What `dev` prints.

use std::io::{IsTerminal as _, Write as _};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::events::unix_ms;
use crate::description::Event;
use crate::invoke::{LogLine, Outcome};
use crate::printable::{printable, printable_json_line, printable_lines, printable_start};
use crate::terminal_colors::{BOLD, DIM, GREEN, RED, YELLOW, allows_colors, color_of_level};

/// Lines that wait for a terminal that is slow or paused. Further ones are left out and counted.
const MAX_WAITING: usize = 4096;
/// How much of a text that clients choose is shown, in characters.
const MAX_TEXT: usize = 60;

/// Longer waits are said.
const PATIENCE: Duration = Duration::from_secs(1);

/// How `dev` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Lines for people.
    Text,
    /// JSON objects on standard output, lines for people on standard error.
    Json,
}

/// Prints lines from a thread of its own, so that nothing waits for the terminal.
#[derive(Clone)]
pub(crate) struct Terminal {
    sender: SyncSender<Line>,
    left_out: Arc<AtomicU64>,
    style: Style,
    has_colors: bool,
}

enum Line {
    Out(String),
    Err(String),
    Flush(SyncSender<()>),
}

/// The line of an event.
pub(crate) struct EventLine<'a> {
    pub(crate) at: SystemTime,
    pub(crate) kind: Event,
    pub(crate) target: &'a str,
    pub(crate) user: &'a str,
    pub(crate) outcome: Outcome,
    pub(crate) answer: &'a Value,
    pub(crate) duration: Duration,
    pub(crate) is_from_console: bool,
}

impl Terminal {
    pub(crate) fn new(style: Style) -> Self {
        let (sender, receiver) = sync_channel(MAX_WAITING);
        let left_out = Arc::new(AtomicU64::new(0));
        std::thread::spawn({
            let left_out = Arc::clone(&left_out);
            move || print_lines(&receiver, &left_out)
        });
        Self {
            sender,
            left_out,
            style,
            has_colors: allows_colors() && std::io::stderr().is_terminal() && std::io::stdout().is_terminal(),
        }
    }

    /// Returns a terminal that prints nothing.
    #[cfg(test)]
    pub(crate) fn silent() -> Self {
        Self {
            style: Style::Text,
            ..Self::kept().0
        }
    }

    /// Returns a terminal that prints JSON, and what it prints.
    #[cfg(test)]
    fn kept() -> (Self, Receiver<Line>) {
        let (sender, lines) = sync_channel(MAX_WAITING);
        let terminal = Self {
            sender,
            left_out: Arc::default(),
            style: Style::Json,
            has_colors: false,
        };
        (terminal, lines)
    }

    pub(crate) fn has_colors(&self) -> bool {
        self.has_colors
    }

    /// Prints what `dev` does.
    pub(crate) fn note(&self, text: &str) {
        self.labeled(BOLD, "dev:", text);
    }

    /// Waits for a step, and says what is waited for if it takes long.
    pub(crate) async fn progress<T>(&self, text: &str, step: impl Future<Output = T>) -> T {
        let mut step = pin!(step);
        match tokio::time::timeout(PATIENCE, &mut step).await {
            Ok(result) => result,
            Err(_) => {
                self.note(text);
                step.await
            }
        }
    }

    /// Prints something that may be wrong.
    pub(crate) fn warning(&self, text: &str) {
        self.labeled(YELLOW, "warning:", text);
    }

    /// Prints something that is wrong.
    pub(crate) fn error(&self, text: &str) {
        self.labeled(RED, "error:", text);
    }

    /// Prints text of cargo as it is.
    pub(crate) fn raw(&self, text: &str) {
        self.err(text.trim_end().to_owned());
    }

    /// Prints a line of another program.
    pub(crate) fn passed_on(&self, name: &str, text: &str) {
        let name = self.colored(DIM, &format!("{name} |"));
        self.err(format!("{name} {}", printable(text)));
    }

    /// Prints a line of the program's log.
    pub(crate) fn log(&self, line: &LogLine) {
        if line.is_output() {
            self.passed_on("program", &line.text);
            return;
        }
        // The text is made printable, so the color must not be in it.
        let level = format!("{:<5}", printable(&line.level));
        let level = self.colored(color_of_level(&line.level), &level);
        let name = self.colored(DIM, "program |");
        self.err(format!("{name} {level} {}", printable(&line.text)));
    }

    /// Prints the line of an event.
    pub(crate) fn event(&self, event: &EventLine<'_>) {
        if self.style == Style::Text {
            self.send(Line::Out(self.event_text(event)));
        }
    }

    fn event_text(&self, event: &EventLine<'_>) -> String {
        let user = if event.user.is_empty() { "-" } else { event.user };
        let color = match event.outcome {
            Outcome::Ok => GREEN,
            Outcome::Error | Outcome::Disconnect | Outcome::Unknown => YELLOW,
            Outcome::Failed | Outcome::Refused | Outcome::Timeout => RED,
        };
        let outcome = outcome_text(event.outcome, event.answer);
        let mut text = format!(
            "{}  {:<20}  {:<24}  {:<12}  {}  {}",
            self.colored(DIM, &time_of_day(event.at)),
            event.kind.name(),
            printable_start(event.target, MAX_TEXT),
            printable_start(user, MAX_TEXT),
            self.colored(color, &format!("{:<20}", printable_start(&outcome, MAX_TEXT))),
            duration_text(event.duration),
        );
        if event.is_from_console {
            text.push_str("  console");
        }
        text
    }

    /// Prints a message of the console, if JSON is wanted.
    pub(crate) fn json(&self, text: &str) {
        if self.style == Style::Json {
            self.send(Line::Out(printable_json_line(text)));
        }
    }

    /// Waits until all is printed, at most for a second.
    pub(crate) fn flush(&self) {
        let (done, is_done) = sync_channel(1);
        if self.sender.try_send(Line::Flush(done)).is_ok() {
            let _ = is_done.recv_timeout(Duration::from_secs(1));
        }
    }

    /// Prints text after a label. The text may be from a log or from another program.
    fn labeled(&self, color: &str, label: &str, text: &str) {
        self.err(format!(
            "{} {}",
            self.colored(color, label),
            printable_lines(text)
        ));
    }

    fn err(&self, text: String) {
        self.send(Line::Err(text));
    }

    fn send(&self, line: Line) {
        if self.sender.try_send(line).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn colored(&self, color: &str, text: &str) -> String {
        if self.has_colors {
            format!("\x1b[{color}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

fn print_lines(lines: &Receiver<Line>, left_out: &AtomicU64) {
    while let Ok(line) = lines.recv() {
        // Errors are ignored: the reader of the output may have ended.
        let _ = match line {
            Line::Out(text) => writeln!(std::io::stdout(), "{text}"),
            Line::Err(text) => writeln!(std::io::stderr(), "{text}"),
            Line::Flush(done) => done.send(()).map_err(std::io::Error::other),
        };
        let count = left_out.swap(0, Ordering::Relaxed);
        if count > 0 {
            let _ = writeln!(std::io::stderr(), "warning: {count} lines are left out");
        }
    }
}

fn outcome_text(outcome: Outcome, answer: &Value) -> String {
    let part = |member: &str, name: &str| answer.get(member).and_then(|member| member.get(name));
    let code = [("error", "code"), ("disconnect", "code"), ("status", "code")]
        .into_iter()
        .find_map(|(member, name)| part(member, name));
    let text = [
        ("error", "message"),
        ("disconnect", "reason"),
        ("status", "message"),
    ]
    .into_iter()
    .find_map(|(member, name)| part(member, name)?.as_str());
    match code {
        Some(code) => format!("{} {code} {}", outcome.name(), text.unwrap_or_default()),
        None => outcome.name().to_owned(),
    }
}

/// Returns the time of day in UTC.
fn time_of_day(time: SystemTime) -> String {
    let ms = unix_ms(time);
    let seconds = ms / 1000 % 86_400;
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        ms % 1000
    )
}

fn duration_text(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    if ms < 10.0 {
        format!("{ms:.1} ms")
    } else {
        format!("{ms:.0} ms")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prints_one_line_for_an_event() {
        let error = json!({ "error": { "code": 404, "message": "no such user", "temporary": false } });
        let line = EventLine {
            at: SystemTime::UNIX_EPOCH + Duration::from_millis(3_723_004),
            kind: Event::Rpc,
            target: "user/get\n\x1b[31m",
            user: "",
            outcome: Outcome::Error,
            answer: &error,
            duration: Duration::from_micros(1234),
            is_from_console: true,
        };
        let text = Terminal::silent().event_text(&line);
        assert!(text.starts_with("01:02:03.004  rpc "), "{text}");
        assert!(text.contains(r"user/get\n\u{1b}[31m"), "{text}");
        assert!(
            text.ends_with("error 404 no such user  1.2 ms  console"),
            "{text}"
        );
    }
    #[test]
    fn prints_no_control_characters() {
        let (terminal, lines) = Terminal::kept();
        let bad = "a\u{9b}31m\x1b[0m";
        terminal.note(bad);
        terminal.warning(bad);
        terminal.error(bad);
        terminal.passed_on("x", bad);
        terminal.json(&json!({ "text": bad }).to_string());
        terminal.log(&LogLine {
            level: bad.to_owned(),
            text: bad.to_owned(),
            ..LogLine::default()
        });
        let lines: Vec<_> = lines
            .try_iter()
            .map(|line| match line {
                Line::Out(text) | Line::Err(text) => text,
                Line::Flush(_) => String::new(),
            })
            .collect();
        assert_eq!(lines.len(), 6);
        for line in lines {
            assert!(!line.contains(char::is_control), "{line:?}");
            assert!(line.contains("9b"), "{line:?}");
        }
    }
}
