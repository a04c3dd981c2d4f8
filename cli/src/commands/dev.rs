//! `cargo centrifugo dev`: runs the program while it is written.

use std::error::Error;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit_status::ExitStatus;
use crate::dev::{self, CentrifugoOptions, Style};
use crate::program::ProgramOptions;

/// Runs the program and Centrifugo, replaces the program after each change, and shows every event.
///
/// After a change, the new program starts beside the old one and takes its place when it is ready, so that clients stay connected
/// and no event is lost. The console in the browser sends events, and shows them as they happen.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo centrifugo dev\n  cargo centrifugo dev --package app --env-file .env -- --verbose\n  \
                  cargo centrifugo dev --config centrifugo.json --record events.jsonl"
)]
pub(super) struct Options {
    #[command(flatten)]
    pub(super) dev: DevOptions,
    /// File to which all events are recorded, for `replay`.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

/// What `dev` and `record` have in common.
#[derive(Args)]
pub(super) struct DevOptions {
    #[command(flatten)]
    program: ProgramOptions,
    /// File with environment variables of the program, as `NAME=value` lines. A change of it starts the program again.
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// Path of Centrifugo. The default is the first `centrifugo` on PATH.
    #[arg(long, value_name = "PATH", help_heading = "Centrifugo")]
    centrifugo: Option<PathBuf>,
    /// Does not start Centrifugo.
    #[arg(long, help_heading = "Centrifugo", conflicts_with_all = ["centrifugo", "config", "centrifugo_port"])]
    no_centrifugo: bool,
    /// Configuration file that Centrifugo runs with, in place of one that is made from the handlers. Its events are sent through
    /// `dev`.
    #[arg(long, value_name = "FILE", help_heading = "Centrifugo")]
    config: Option<PathBuf>,
    /// Port of Centrifugo's clients: 8000, or what the configuration file has. If it is in use, the next free one.
    #[arg(long, value_name = "PORT", help_heading = "Centrifugo")]
    centrifugo_port: Option<u16>,
    /// Loopback address to which Centrifugo sends events. If it is in use, the next free port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:10001")]
    listen: SocketAddr,
    /// Port of the console. If it is in use, the next free one.
    #[arg(long, value_name = "PORT", default_value_t = 8700)]
    console_port: u16,
    /// Name of a member of data, meta or answers that recordings leave out, beside `password`, `secret` and `token`.
    #[arg(long, value_name = "NAME")]
    remove: Vec<String>,
    /// How events are printed. `json` prints what the console shows, one object per line.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Arguments of the program.
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

pub(super) fn run(options: Options) -> Result<ExitStatus, Box<dyn Error>> {
    run_dev(options.dev, options.record)
}

pub(super) fn run_dev(options: DevOptions, record: Option<PathBuf>) -> Result<ExitStatus, Box<dyn Error>> {
    dev::run(dev::Options {
        program: options.program,
        arguments: options.arguments,
        env_file: options.env_file,
        centrifugo: CentrifugoOptions {
            is_off: options.no_centrifugo,
            executable: options.centrifugo,
            config: options.config,
            port: options.centrifugo_port,
        },
        listen: options.listen,
        console_port: options.console_port,
        record,
        removed: options.remove,
        style: match options.format {
            Format::Text => Style::Text,
            Format::Json => Style::Json,
        },
    })?;
    Ok(ExitStatus::Success)
}
