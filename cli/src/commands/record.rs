//! `cargo centrifugo record`: records the events of a program.

use std::error::Error;
use std::path::PathBuf;

use clap::Args;

use super::dev::{DevOptions, run_dev};
use super::exit_status::ExitStatus;

/// Runs the program as `dev` does, and records all events to a file.
///
/// `replay` sends the events again. Each line is an event as JSON, with its answer. Metadata that may hold secrets (cookies,
/// `authorization` and the like), tokens, and the members `password`, `secret` and `token` are left out, and so is data that is not
/// JSON, in which they cannot be found. Events without an answer of the program, and those longer than 1 MiB, are not recorded; the
/// terminal says how many.
#[derive(Args)]
#[command(after_help = "Example: cargo centrifugo record events.jsonl --remove card_number")]
pub(super) struct Options {
    /// New file for the events.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    dev: DevOptions,
}

pub(super) fn run(options: Options) -> Result<ExitStatus, Box<dyn Error>> {
    run_dev(options.dev, Some(options.file))
}
