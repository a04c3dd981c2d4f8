//! `cargo centrifugo client`: makes a client in TypeScript or JavaScript.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::command_line::describe_program;
use super::exit_status::ExitStatus;
use super::generated_file::{GeneratedFile, write_or_check};
use crate::description::Description;
use crate::program::ProgramOptions;
use crate::typescript::{javascript_client, typescript_client};

/// Makes a client in TypeScript or JavaScript, with the types of all methods, channels and errors.
///
/// The client uses centrifuge-js.
#[derive(Args)]
#[command(after_help = "Examples:
  cargo centrifugo client --out web/src/api.ts
  cargo centrifugo client --out page/api.js           also writes page/api.d.ts
  cargo centrifugo client --out web/src/api.ts --check")]
pub(super) struct Options {
    #[command(flatten)]
    program: ProgramOptions,
    /// File of the client. `.js` and `.mjs` are JavaScript, with the types in a second file. Without this option, TypeScript is
    /// printed.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Makes JavaScript, whatever the extension of the file.
    #[arg(long, requires = "out")]
    javascript: bool,
    /// Writes nothing. Ends with exit code 1 and the first difference if the files are not what would be written.
    #[arg(long, requires = "out")]
    check: bool,
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    let description = describe_program(&options.program)?;
    if description.schemas.is_none() {
        eprintln!(
            "warning: all types are unknown: enable the feature `schema` of the crate `centrifugo`, and derive `schemars::JsonSchema`"
        );
    }
    let Some(out) = &options.out else {
        std::io::stdout().write_all(typescript_client(&description).as_bytes())?;
        return Ok(ExitStatus::Success);
    };
    let files = files(&description, out, options.javascript);
    Ok(write_or_check(&files, options.check)?)
}

fn files(description: &Description, out: &Path, is_javascript: bool) -> Vec<GeneratedFile> {
    let extension = out
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    let declarations = match extension {
        "mjs" => "d.mts",
        _ if is_javascript || extension == "js" => "d.ts",
        _ => return vec![GeneratedFile::new(out.to_owned(), typescript_client(description))],
    };
    let client = javascript_client(description);
    vec![
        GeneratedFile::new(out.to_owned(), client.code),
        GeneratedFile::new(out.with_extension(declarations), client.declarations),
    ]
}
