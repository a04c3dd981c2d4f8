//! `cargo centrifugo asyncapi`: describes the program as AsyncAPI.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit_status::ExitStatus;
use super::generated_file::{GeneratedFile, write_or_check};
use crate::asyncapi::{Info, document};
use crate::config_file::{Format, write};
use crate::program::{ProgramOptions, build, describe};

/// Makes an AsyncAPI document of the program.
///
/// The document is one of AsyncAPI 3.0. It has the channels, operations, messages, errors and schemas. The program needs the feature `schema` of the crate
/// `centrifugo` for the schemas.
#[derive(Args)]
#[command(
    after_help = "Example: cargo centrifugo asyncapi --out asyncapi.yaml --server wss://example.org/connection/websocket"
)]
pub(super) struct Options {
    #[command(flatten)]
    program: ProgramOptions,
    /// Format of the document. Without it, the extension of the file decides.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatOption>,
    /// Writes a file in place of standard output.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Writes nothing. Ends with exit code 1 and the first difference if the file is not what would be written.
    #[arg(long, requires = "out")]
    check: bool,
    /// Title of the document. Without it, the name of the program.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Version of the program.
    #[arg(long, value_name = "VERSION", default_value = "1.0.0")]
    api_version: String,
    /// URL at which clients connect to Centrifugo.
    #[arg(long, value_name = "URL", default_value = Info::LOCAL_SERVER)]
    server: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatOption {
    Yaml,
    Json,
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    let executable = build(&options.program)?;
    let description = describe(&executable)?;
    let name = executable
        .file_stem()
        .map_or_else(|| "program".into(), |name| name.to_string_lossy());
    let mut info = Info::new(options.title.clone().unwrap_or_else(|| name.into_owned()));
    info.version.clone_from(&options.api_version);
    info.server.clone_from(&options.server);
    let text = write(&document(&description, &info)?, format(options));
    if description.schemas.is_none() {
        eprintln!(
            "note: the schemas of messages are unknown; build the program with the feature `schema` of the crate `centrifugo`"
        );
    }
    let Some(path) = &options.out else {
        std::io::stdout().write_all(text.as_bytes())?;
        return Ok(ExitStatus::Success);
    };
    let file = GeneratedFile::new(path.clone(), text);
    Ok(write_or_check(&[file], options.check)?)
}

fn format(options: &Options) -> Format {
    match (options.format, &options.out) {
        (Some(FormatOption::Json), _) => Format::Json,
        (None, Some(path)) if Format::of_path(path) == Some(Format::Json) => Format::Json,
        _ => Format::Yaml,
    }
}
