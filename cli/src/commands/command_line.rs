//! The command line: reads it and runs the command.

use std::error::Error;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use super::exit_status::ExitStatus;
use super::{
    asyncapi, check, client, completions, config, dev, explain, invoke, new, record, replay, routes,
};
use crate::description::Description;
use crate::printable::printable_lines;
use crate::process::run_guard;
use crate::program::{ProgramOptions, build, describe};

/// Develops, checks and describes backends of Centrifugo applications.
#[derive(Parser)]
#[command(
    name = "cargo centrifugo",
    bin_name = "cargo centrifugo",
    version,
    after_help = "Exit codes: 0 success, 1 what was checked is wrong, 2 the command failed. `invoke` has others for answers: see its help."
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::Options),
    Dev(dev::Options),
    Record(record::Options),
    Invoke(Box<invoke::Options>),
    Replay(Box<replay::Options>),
    Explain(Box<explain::Options>),
    Routes(routes::Options),
    Check(check::Options),
    Config(config::Options),
    Client(client::Options),
    #[command(name = "asyncapi")]
    AsyncApi(asyncapi::Options),
    Completions(completions::Options),
}

/// Runs the command that the arguments of this process name.
pub fn run() -> ExitCode {
    if let Some(code) = run_guard() {
        return code;
    }
    // cargo gives its subcommands their own name as the first argument.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|name| name == "centrifugo") {
        arguments.remove(1);
    }
    let command_line = CommandLine::parse_from(arguments);
    let result = match command_line.command {
        Command::New(options) => new::run(&options),
        Command::Dev(options) => dev::run(options),
        Command::Record(options) => record::run(options),
        Command::Invoke(options) => invoke::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Explain(options) => explain::run(&options),
        Command::Routes(options) => routes::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Config(options) => config::run(&options),
        Command::Client(options) => client::run(&options),
        Command::AsyncApi(options) => asyncapi::run(&options),
        Command::Completions(options) => completions::run(&options, CommandLine::command()),
    };
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("error: {}", printable_lines(&error.to_string()));
            ExitStatus::Failure.into()
        }
    }
}

/// Builds the program and reads its description.
pub(super) fn describe_program(options: &ProgramOptions) -> Result<Description, Box<dyn Error>> {
    Ok(describe(&build(options)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        CommandLine::command().debug_assert();
    }
}
