//! `cargo centrifugo check`: checks Centrifugo's configuration against the handlers.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::command_line::describe_program;
use super::env_files::environment;
use super::exit_status::ExitStatus;
use crate::check::{self, Input, Level, check};
use crate::config_file::ConfigFile;
use crate::printable::{printable_json, printable_lines};
use crate::program::ProgramOptions;

/// Checks the configuration of Centrifugo against the handlers of the program.
///
/// CENTRIFUGO_* variables count on top of the file, as they do for Centrifugo. Secrets are compared with
/// WORKER_SECRET_VALUE, if it is set.
#[derive(Args)]
#[command(
    after_help = "Example: cargo centrifugo check deploy/centrifugo.json --env-file deploy/centrifugo.env\n\n\
    Exit codes: 0 no error, 1 at least one error, 2 the command failed."
)]
pub(super) struct Options {
    /// Centrifugo's configuration file: JSON, YAML or TOML. Without it, only variables count.
    config: Option<PathBuf>,
    /// File with variables, one `NAME=value` a line, on top of the environment. May be given several times.
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
    /// RoadRunner's configuration file, if RoadRunner runs the program.
    #[arg(long, value_name = "FILE")]
    roadrunner: Option<PathBuf>,
    /// How findings are printed. `github` writes annotations for GitHub Actions.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    program: ProgramOptions,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Github,
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    let environment = environment(&options.env_file)?;
    let file = match &options.config {
        Some(path) => ConfigFile::open(path)?,
        None => ConfigFile::parse("{}", None)?,
    };
    let roadrunner = options.roadrunner.as_deref().map(ConfigFile::open).transpose()?;
    let description = describe_program(&options.program)?;
    let mut input = Input::of_file(&description, &file, &environment);
    if let Some(roadrunner) = &roadrunner {
        input = input.roadrunner(&roadrunner.value);
    }
    let findings = check(&input);
    let name = options
        .config
        .as_deref()
        .unwrap_or(Path::new(""))
        .display()
        .to_string();
    let text = match options.format {
        Format::Text => printable_lines(&check::text(&findings, &name)),
        Format::Json => printable_json(&check::json(&findings, &name)),
        Format::Github => printable_lines(&check::github(&findings, &name)),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    let has_error = findings.iter().any(|finding| finding.level == Level::Error);
    Ok(if has_error {
        ExitStatus::Findings
    } else {
        ExitStatus::Success
    })
}
