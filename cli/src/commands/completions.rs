//! `cargo centrifugo completions`: completions for shells.

use std::error::Error;
use std::io::Write as _;

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use super::exit_status::ExitStatus;

/// The name of the executable.
const EXECUTABLE: &str = "cargo-centrifugo";

/// Prints completions for a shell.
///
/// zsh completes `cargo centrifugo` with them. Other shells complete `cargo-centrifugo`, which is the same command.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo centrifugo completions bash >~/.local/share/bash-completion/completions/cargo-centrifugo\n  cargo centrifugo \
                  completions zsh >~/.zfunc/_cargo-centrifugo\n  cargo centrifugo completions fish >~/.config/fish/completions/cargo-centrifugo.fish"
)]
pub(super) struct Options {
    /// Shell.
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Prints the completions of `command`, which is the whole command line.
pub(super) fn run(options: &Options, command: Command) -> Result<ExitStatus, Box<dyn Error>> {
    // The script for bash finds no subcommands under a name with a dash: https://github.com/clap-rs/clap/issues/6421. A version of
    // clap_complete without this makes the other name unnecessary.
    let name = match options.shell {
        Shell::Bash => "cargo_centrifugo",
        _ => EXECUTABLE,
    };
    let mut command = command.name(name).bin_name(name);
    let mut script = Vec::new();
    generate(options.shell, &mut command, name, &mut script);
    let mut text = String::from_utf8(script)?;
    if options.shell == Shell::Bash {
        text = text.replace("default cargo_centrifugo\n", &format!("default {EXECUTABLE}\n"));
    }
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitStatus::Success)
}
