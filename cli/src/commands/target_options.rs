//! The program that a command sends events to.

use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::env_file::read_env_file;
use crate::invoke::{InvokeError, LogLine, ProgramClient, Secret};
use crate::program::{ProgramEnvironment, ProgramOptions, StartedProgram, build};

/// How long the line of the log that says how the event ended is waited for.
const LOG_LIMIT: Duration = Duration::from_millis(500);

/// The program that a command sends events to: one that runs, or one that the command builds, starts and ends.
#[derive(Args)]
pub(super) struct TargetOptions {
    /// Address of a program that runs, such as 127.0.0.1:10001, or https://events.example:10001 with TLS. Nothing is built and started
    /// then, and the log is not known.
    #[arg(long, value_name = "HOST:PORT", help_heading = "Program", conflicts_with_all = ["manifest_path", "package", "bin", "example", "features", "all_features", "no_default_features", "release", "executable", "arguments"])]
    address: Option<String>,
    /// File with certificates (PEM) of authorities for an address with TLS. The default are those that the system trusts.
    #[arg(long, value_name = "FILE", help_heading = "Program", requires = "address")]
    ca_certificate: Option<PathBuf>,
    /// Metadata key of the secret that the program requires. The default is WORKER_SECRET_KEY, as the program has it.
    #[arg(long, value_name = "KEY", help_heading = "Program")]
    secret_key: Option<String>,
    /// Secret that the program requires. The default is WORKER_SECRET_VALUE, as the program has it.
    #[arg(long, value_name = "TEXT", help_heading = "Program")]
    secret: Option<String>,
    #[command(flatten)]
    program: ProgramOptions,
    /// Arguments for the program that is started.
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

/// The program, and a connection to it.
pub(super) struct Target {
    address: String,
    ca_certificate: Option<String>,
    secret: Option<Secret>,
    pub(super) client: ProgramClient,
    /// The program, if the command has started it.
    pub(super) program: Option<StartedProgram>,
}

impl Target {
    /// Returns the number of lines that the program has logged.
    pub(super) fn log_position(&self) -> u64 {
        self.program
            .as_ref()
            .map_or(0, |program| program.log().position())
    }

    /// Returns what the program has logged since the position. Waits for the line that says how the event ended.
    pub(super) async fn log_since(&self, position: u64) -> Vec<LogLine> {
        let Some(program) = &self.program else {
            return Vec::new();
        };
        let log = program.log();
        log.wait_for(position, LOG_LIMIT, |line| line.outcome).await;
        log.since(position)
    }

    /// Returns what the program has logged since a position, after it has said why a stream failed.
    pub(super) async fn log_of_failure(&self, position: u64) -> Vec<LogLine> {
        let Some(program) = &self.program else {
            return Vec::new();
        };
        let log = program.log();
        let is_error = |line: &LogLine| (line.level == "error").then_some(());
        log.wait_for(position, LOG_LIMIT, is_error).await;
        log.since(position)
    }

    /// Connects once more.
    pub(super) async fn connect(&self) -> Result<ProgramClient, InvokeError> {
        let client = ProgramClient::connect(&self.address, self.ca_certificate.as_deref()).await?;
        Ok(client.with_secret(self.secret.clone()))
    }

    /// Stops the program, if the command has started it.
    pub(super) async fn close(self) {
        if let Some(program) = self.program {
            program.stop().await;
        }
    }
}

impl TargetOptions {
    /// Builds and starts the program, unless it runs, and connects to it. With `logs_outcomes`, a program that is started logs how
    /// each event ends. `env_file` has variables of the program.
    pub(super) async fn open(
        &self,
        env_file: Option<&Path>,
        logs_outcomes: bool,
    ) -> Result<Target, Box<dyn Error>> {
        let environment = ProgramEnvironment {
            arguments: self.arguments.clone(),
            variables: env_file.map(read_env_file).transpose()?.unwrap_or_default(),
            logs_outcomes,
        };
        let secret = self.secret(&environment)?;
        let ca_certificate = match &self.ca_certificate {
            Some(path) => {
                let text = std::fs::read_to_string(path);
                Some(text.map_err(|error| format!("{}: {error}", path.display()))?)
            }
            None => None,
        };
        let (address, program) = match &self.address {
            Some(address) => (address.clone(), None),
            None => {
                let executable = build(&self.program)?;
                let program = StartedProgram::start(&executable, &environment).await?;
                (program.address().to_owned(), Some(program))
            }
        };
        let client = ProgramClient::connect(&address, ca_certificate.as_deref()).await?;
        Ok(Target {
            client: client.with_secret(secret.clone()),
            address,
            ca_certificate,
            secret,
            program,
        })
    }

    /// Returns the secret of the options, or the one that the program has.
    fn secret(&self, environment: &ProgramEnvironment) -> Result<Option<Secret>, &'static str> {
        let of = |option: &Option<String>, name| option.clone().or_else(|| environment.get(name));
        match (
            of(&self.secret_key, "WORKER_SECRET_KEY"),
            of(&self.secret, "WORKER_SECRET_VALUE"),
        ) {
            (Some(key), Some(value)) => Ok(Some(Secret { key, value })),
            (None, None) => Ok(None),
            (Some(_), None) => Err("--secret-key or WORKER_SECRET_KEY needs --secret or WORKER_SECRET_VALUE"),
            (None, Some(_)) => Err("--secret or WORKER_SECRET_VALUE needs --secret-key or WORKER_SECRET_KEY"),
        }
    }
}
