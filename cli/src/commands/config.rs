//! `cargo centrifugo config`: makes the configurations of Centrifugo and RoadRunner.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::command_line::describe_program;
use super::exit_status::ExitStatus;
use super::output_file::write_file;
use crate::config_file::{ConfigFile, FileError, Format, changes};
use crate::description::Description;
use crate::printable::printable;
use crate::program::ProgramOptions;
use crate::wanted_config::{MergedConfig, Target, config_text, merge, starting_values};

/// Makes the configuration of Centrifugo or RoadRunner for the handlers of the program.
///
/// Secrets are never written. The command names the environment variables that must have them.
#[derive(Args)]
#[command(after_help = "Examples:
  cargo centrifugo config --out config.json           writes a configuration to start with
  cargo centrifugo config --merge config.yaml         adds what is missing to a configuration
  cargo centrifugo config --merge config.yaml --check fails if something is missing
  cargo centrifugo config --roadrunner --out .rr.yaml writes RoadRunner's configuration")]
pub(super) struct Options {
    #[command(flatten)]
    program: ProgramOptions,
    /// Makes RoadRunner's configuration.
    #[arg(long)]
    roadrunner: bool,
    /// Makes Centrifugo's configuration for a program that RoadRunner runs.
    #[arg(long, conflicts_with = "roadrunner")]
    via_roadrunner: bool,
    /// Format of the configuration. Without it, the extension of the file decides.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "merge")]
    format: Option<FormatOption>,
    /// Writes a new file in place of standard output. An existing file is not replaced.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Adds what is missing to a file, and replaces what the handlers need otherwise. Everything else stays.
    #[arg(long, value_name = "PATH", conflicts_with = "out")]
    merge: Option<PathBuf>,
    /// Writes nothing, and exits with 1 if the file would change.
    #[arg(long)]
    check: bool,
    /// Replaces an existing file.
    #[arg(long, requires = "out")]
    overwrite: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatOption {
    Json,
    Yaml,
    Toml,
}

impl From<FormatOption> for Format {
    fn from(option: FormatOption) -> Self {
        match option {
            FormatOption::Json => Self::Json,
            FormatOption::Yaml => Self::Yaml,
            FormatOption::Toml => Self::Toml,
        }
    }
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    if options.check && options.out.is_none() && options.merge.is_none() {
        return Err("`--check` needs the file: add `--merge PATH` or `--out PATH`".into());
    }
    let description = describe_program(&options.program)?;
    let target = target(options, &description);
    match &options.merge {
        Some(path) if path.exists() || options.check => merge_into(path, &description, target, options.check),
        Some(path) => print_or_write(&description, target, None, Some(path), options),
        None => print_or_write(
            &description,
            target,
            options.format,
            options.out.as_deref(),
            options,
        ),
    }
}

fn target(options: &Options, description: &Description) -> Target {
    if options.roadrunner {
        Target::RoadRunner
    } else if options.via_roadrunner || description.endpoint.is_none() {
        Target::CentrifugoViaRoadRunner
    } else {
        Target::Centrifugo
    }
}

fn print_or_write(
    description: &Description,
    target: Target,
    format: Option<FormatOption>,
    path: Option<&Path>,
    options: &Options,
) -> Result<ExitStatus, Box<dyn Error>> {
    let usual = if target == Target::RoadRunner {
        Format::Yaml
    } else {
        Format::Json
    };
    let format = format
        .map(Format::from)
        .or_else(|| path.and_then(Format::of_path))
        .unwrap_or(usual);
    let config = merge(description, target, &starting_values(target), folder().as_deref())?;
    let text = config_text(&config, format);
    let Some(path) = path else {
        std::io::stdout().write_all(text.as_bytes())?;
        print_notes(&config);
        return Ok(ExitStatus::Success);
    };
    let name = path.display();
    let existing = if path.exists() {
        Some(fs::read(path).map_err(|error| format!("{name}: {error}"))?)
    } else {
        None
    };
    if existing.as_deref() == Some(text.as_bytes()) {
        return Ok(ExitStatus::Success);
    }
    if options.check {
        println(&format!(
            "{name} is not what `cargo centrifugo config` makes; write it with `--out {name} --overwrite`"
        ))?;
        return Ok(ExitStatus::Findings);
    }
    if existing.is_some() && !options.overwrite {
        return Err(format!(
            "{name} exists; use `--merge {name}` to keep what it has, or `--overwrite` to replace it"
        )
        .into());
    }
    write_file(path, &text)?;
    println(&format!("{name}: written"))?;
    print_notes(&config);
    Ok(ExitStatus::Success)
}

fn merge_into(
    path: &Path,
    description: &Description,
    target: Target,
    is_check: bool,
) -> Result<ExitStatus, Box<dyn Error>> {
    let name = path.display();
    let file = ConfigFile::open(path)?;
    let config = merge(description, target, &file.value, folder().as_deref())
        .map_err(|problem| format!("{name}: {problem}"))?;
    let text = file.edited(&config.value).map_err(|error| FileError {
        path: Some(path.to_owned()),
        ..error
    })?;
    for change in changes(&file.value, &config.value) {
        let line = file
            .nearest_line_of(&change.path)
            .map_or_else(String::new, |line| format!(":{line}"));
        let reason = config.reasons.iter().find(|reason| reason.path == change.path);
        let reason = reason.map_or_else(String::new, |reason| format!(" ({})", reason.why));
        println(&format!("{name}{line}: {change}{reason}"))?;
    }
    let status = if text == file.text() {
        println(&format!("{name}: nothing to change"))?;
        ExitStatus::Success
    } else if is_check {
        println(&format!(
            "{name} lacks what the handlers need; add it with `--merge {name}`"
        ))?;
        ExitStatus::Findings
    } else {
        write_file(path, &text)?;
        ExitStatus::Success
    };
    print_notes(&config);
    Ok(status)
}

fn folder() -> Option<PathBuf> {
    std::env::current_dir().ok()
}

/// Prints a line. Values of the file and names of the program cannot change the terminal.
fn println(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{}", printable(line))
}

fn print_notes(config: &MergedConfig) {
    for note in &config.notes {
        eprintln!("note: {}", printable(note));
    }
}
