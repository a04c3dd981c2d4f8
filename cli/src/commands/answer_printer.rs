//! Prints answers for people.

use std::io::{IsTerminal as _, stderr};

use crate::invoke::{Answer, LogLine, Outcome, Response, pretty_json};
use crate::printable::printable;
use crate::terminal_colors::{allows_colors, color_of_level};

/// Returns the answer in words, with what Centrifugo makes of it.
pub(super) fn answer_text(answer: &Answer) -> String {
    let milliseconds = answer.duration_us as f64 / 1000.0;
    let outcome = answer.outcome;
    let mut text = match &answer.answer {
        Response::Result(result) if result.get() == "null" => {
            format!("{outcome}: empty answer ({milliseconds:.1} ms)\n")
        }
        Response::Result(result) => {
            format!(
                "{outcome} ({milliseconds:.1} ms)\n{}\n",
                pretty_json(result.get())
            )
        }
        Response::Error(error) => {
            let temporary = if error.temporary { ", temporary" } else { "" };
            // The name of the outcome `error` is not written twice.
            let outcome = if outcome == Outcome::Error {
                String::new()
            } else {
                format!("{outcome}: ")
            };
            format!(
                "{outcome}error {}: {}{temporary} ({milliseconds:.1} ms)\n",
                error.code,
                printable(&error.message)
            )
        }
        Response::Disconnect(disconnect) => format!(
            "disconnect {}: {} ({milliseconds:.1} ms)\n",
            disconnect.code,
            printable(&disconnect.reason)
        ),
        Response::Status(status) => format!(
            "{outcome}: gRPC status {}: {} ({milliseconds:.1} ms)\n",
            status.code,
            printable(&status.message)
        ),
    };
    if let Some(effect) = &answer.effect {
        text.push_str(effect);
        text.push('\n');
    }
    text
}

/// Prints to standard error how to give the secret, if the answer says that it is missing.
pub(super) fn print_help_for_secret(answer: &Answer) {
    if matches!(&answer.answer, Response::Status(status) if status.code == tonic::Code::Unauthenticated as i32)
    {
        eprintln!(
            "help: give the program's secret with --secret-key and --secret, or WORKER_SECRET_KEY and WORKER_SECRET_VALUE"
        );
    }
}

/// Prints the program's log to standard error, without the line that says how the event ended.
pub(super) fn print_log(log: &[LogLine]) {
    let has_colors = stderr().is_terminal() && allows_colors();
    for line in log.iter().filter(|line| line.outcome.is_none()) {
        // Control characters of what a program printed do not reach the terminal.
        let (level, text) = (printable(&line.level), printable(&line.text));
        if has_colors {
            eprintln!("\x1b[{}m{level:>6}\x1b[0m {text}", color_of_level(&line.level));
        } else {
            eprintln!("{level:>6} {text}");
        }
    }
}
