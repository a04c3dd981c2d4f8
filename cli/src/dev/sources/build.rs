//! Builds the program in the background.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tokio::io::AsyncRead;

use crate::dev::state::Problem;
use crate::dev::terminal::Terminal;
use crate::process::{self, Child, read_lines};
use crate::program::{BuildError, Executable, MAX_MESSAGE_LEN, ProgramOptions, choose, executable_of};

/// Messages of the compiler that are kept for the console.
const MAX_MESSAGES: usize = 200;
/// The longest line of cargo's own output that is kept, in bytes.
const MAX_LINE_LEN: usize = 16 << 10;

/// What a build gave.
pub(crate) struct BuildReport {
    pub(crate) result: Result<PathBuf, BuildError>,
    /// What the compiler and cargo said.
    pub(crate) messages: Vec<String>,
    pub(crate) problems: Vec<Problem>,
    /// Files that the program is built from, if it was built.
    pub(crate) inputs: Vec<PathBuf>,
}

/// Returns cargo.
pub(super) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Builds the program. Messages are printed when they come.
pub(crate) async fn build(options: &ProgramOptions, terminal: &Terminal) -> BuildReport {
    let mut report = BuildReport {
        result: Err(BuildError::NoProgram),
        messages: Vec::new(),
        problems: Vec::new(),
        inputs: Vec::new(),
    };
    if let Some(executable) = &options.executable {
        report.result = Ok(executable.clone());
        return report;
    }
    report.result = run_cargo(options, terminal, &mut report.messages, &mut report.problems).await;
    if let Ok(executable) = &report.result {
        report.inputs = inputs(executable);
    } else if report.problems.is_empty() {
        // An error of cargo itself, such as a broken Cargo.toml.
        let errors = report.messages.iter().filter(|text| text.starts_with("error"));
        let message = match (errors.cloned().collect::<Vec<_>>().join("\n"), &report.result) {
            (text, Err(error)) if text.is_empty() => error.to_string(),
            (text, _) => text,
        };
        report.problems.push(Problem { message, place: None });
    }
    report
}

async fn run_cargo(
    options: &ProgramOptions,
    terminal: &Terminal,
    messages: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> Result<PathBuf, BuildError> {
    let (mut command, control) = process::command(&cargo()).map_err(BuildError::NoCargo)?;
    let (format, color) = if terminal.has_colors() {
        ("json-diagnostic-rendered-ansi", "always")
    } else {
        ("json", "never")
    };
    command
        .args(["build", "--message-format", format, "--color", color])
        .args(options.cargo_arguments());
    let (child, output) = Child::start(command, control)
        .await
        .map_err(BuildError::NoCargo)?;
    let mut executables = Vec::new();
    let mut compiler_messages = Vec::new();
    let from_compiler = read_messages(output.stdout, |message| match message {
        CargoMessage::Executable(executable) => executables.push(executable),
        CargoMessage::Compiler(message) => {
            terminal.raw(&message.rendered);
            if message.level == "error" && problems.len() < MAX_MESSAGES {
                problems.extend(message.problem());
            }
            if compiler_messages.len() < MAX_MESSAGES {
                compiler_messages.push(without_colors(message.rendered.trim_end()));
            }
        }
    });
    let from_cargo = read_lines(output.stderr, MAX_LINE_LEN, |line| {
        terminal.raw(line);
        let line = without_colors(line);
        let is_progress = ["   ", "    Finished"]
            .iter()
            .any(|start| line.starts_with(start));
        if !is_progress && !line.trim().is_empty() && messages.len() < MAX_MESSAGES {
            messages.push(line);
        }
    });
    // Errors are ends of the outputs, too.
    let (_, _) = tokio::join!(from_compiler, from_cargo);
    let exit = child.exited().await;
    compiler_messages.append(messages);
    *messages = compiler_messages;
    if !exit.is_success() {
        return Err(BuildError::Stopped(exit.to_string()));
    }
    choose(executables)
}

/// A message of cargo that matters here.
enum CargoMessage {
    Executable(Executable),
    Compiler(CompilerMessage),
}

/// Reads the messages of cargo. Procedural macros can print anything between them.
async fn read_messages(
    output: impl AsyncRead + Unpin,
    mut on_message: impl FnMut(CargoMessage),
) -> io::Result<()> {
    read_lines(output, MAX_MESSAGE_LEN, |line| {
        if let Some(executable) = executable_of(line) {
            on_message(CargoMessage::Executable(executable));
        } else if let Some(message) = compiler_message(line) {
            on_message(CargoMessage::Compiler(message));
        }
    })
    .await
}

#[derive(Deserialize)]
struct CompilerLine {
    reason: String,
    message: Option<CompilerMessage>,
}

/// A message of the compiler.
#[derive(Deserialize)]
struct CompilerMessage {
    rendered: String,
    level: String,
    message: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: u32,
    is_primary: bool,
}

impl CompilerMessage {
    /// Returns the error, unless it only says that there were errors.
    fn problem(&self) -> Option<Problem> {
        let primary = self.spans.iter().find(|span| span.is_primary);
        if primary.is_none() && self.message.starts_with("aborting due to") {
            return None;
        }
        Some(Problem {
            message: self.message.clone(),
            place: primary.map(|span| format!("{}:{}", span.file_name, span.line_start)),
        })
    }
}

fn compiler_message(line: &str) -> Option<CompilerMessage> {
    let line: CompilerLine = serde_json::from_str(line).ok()?;
    line.message.filter(|_| line.reason == "compiler-message")
}

/// Removes the escape sequences of colors.
fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        let end = after.find(|c: char| c.is_ascii_alphabetic());
        rest = end.map_or("", |end| &after[end + 1..]);
    }
    plain.push_str(rest);
    plain
}

/// Returns the files that the program is built from, as cargo lists them beside the executable.
fn inputs(executable: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(executable.with_extension("d")).unwrap_or_default();
    dependencies(&text)
}

/// Reads a rule of make. Spaces in paths have a backslash in front.
fn dependencies(rule: &str) -> Vec<PathBuf> {
    let Some((_, list)) = rule.split_once(": ") else {
        return Vec::new();
    };
    let mut paths = Vec::new();
    let mut path = String::new();
    let mut chars = list.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => path.extend(chars.next()),
            ' ' | '\n' | '\r' => {
                if !path.is_empty() {
                    paths.push(PathBuf::from(std::mem::take(&mut path)));
                }
            }
            _ => path.push(c),
        }
    }
    if !path.is_empty() {
        paths.push(path.into());
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_errors_of_the_compiler() {
        let line = r#"{"reason":"compiler-message","message":{"rendered":"\u001b[1merror\u001b[0m: no","level":"error","message":"no","spans":[{"file_name":"src/b.rs","line_start":1,"is_primary":false},{"file_name":"src/main.rs","line_start":7,"is_primary":true}]}}"#;
        let message = compiler_message(line).unwrap();
        assert_eq!(without_colors(&message.rendered), "error: no");
        assert_eq!(message.problem().unwrap().place.unwrap(), "src/main.rs:7");
        for other in ["", "{}", r#"{"reason":"build-finished","success":true}"#] {
            assert!(compiler_message(other).is_none(), "{other}");
        }
    }

    #[tokio::test]
    async fn reads_messages_among_other_output() {
        let artifact = r#"{"reason":"compiler-artifact","manifest_path":"/a/Cargo.toml","target":{"name":"app"},"executable":"/a/app"}"#;
        let long = vec![b'x'; MAX_MESSAGE_LEN + 1];
        let output = [b"\xff\n", &long[..], b"\n", artifact.as_bytes(), b"\n"].concat();
        let mut count = 0;
        let on_message = |message| {
            assert!(matches!(message, CargoMessage::Executable(_)));
            count += 1;
        };
        read_messages(&output[..], on_message).await.unwrap();
        assert_eq!(count, 1);
    }

    #[test]
    fn reads_the_list_of_inputs() {
        let rule = "/t/app: /a/src/main.rs /a/with\\ space/x.sql\n";
        assert_eq!(
            dependencies(rule),
            ["/a/src/main.rs", "/a/with space/x.sql"].map(PathBuf::from)
        );
        assert!(dependencies("").is_empty());
    }

    #[test]
    fn removes_colors() {
        assert_eq!(without_colors("a\x1b[38;5;9mb\x1b[0m"), "ab");
        assert_eq!(without_colors("a\x1b["), "a");
    }
}
