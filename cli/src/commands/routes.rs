//! `cargo centrifugo routes`: lists the handlers.

use std::error::Error;
use std::io::Write as _;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::command_line::describe_program;
use super::exit_status::ExitStatus;
use crate::description::{Description, Handler};
use crate::printable::{printable_json, printable_lines};
use crate::program::ProgramOptions;

/// Lists the handlers of the program.
#[derive(Args)]
#[command(after_help = "Example: cargo centrifugo routes --format json")]
pub(super) struct Options {
    #[command(flatten)]
    program: ProgramOptions,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    let description = describe_program(&options.program)?;
    let text = match options.format {
        Format::Text => printable_lines(&table(&description)),
        Format::Json => printable_json(&json_list(&description)),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

fn json_list(description: &Description) -> String {
    let handlers: Vec<_> = description
        .handlers
        .iter()
        .map(|handler| {
            json!({
                "event": handler.event, "pattern": handler.pattern, "handler": handler.handler, "takes": handler.takes,
                "returns": handler.returns, "file": handler.file, "line": handler.line, "docs": handler.docs, "layer": handler.layer,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::from(handlers))
}

fn table(description: &Description) -> String {
    let header = ["EVENT", "PATTERN", "HANDLER", "PLACE", ""].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(header)
        .chain(description.handlers.iter().map(row))
        .collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    let mut text = String::new();
    for [event, pattern, handler, place, docs] in &rows {
        let [a, b, c, d] = widths;
        let line = format!("{event:<a$}  {pattern:<b$}  {handler:<c$}  {place:<d$}  {docs}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn row(handler: &Handler) -> [String; 5] {
    [
        handler.event.to_string(),
        handler.pattern.clone().unwrap_or_else(|| "-".to_owned()),
        format!(
            "{}({}) -> {}{}",
            handler.handler,
            handler.takes.join(", "),
            handler.returns,
            handler
                .layer
                .as_ref()
                .map(|layer| format!(" (layer: {layer})"))
                .unwrap_or_default()
        ),
        handler.place(),
        handler.docs.lines().next().unwrap_or_default().to_owned(),
    ]
}
