//! The program that a command sends events to.

use std::error::Error;
use std::ffi::OsString;
use std::time::Duration;

use clap::Args;

use crate::invoke::{LogLine, ProgramClient, Secret};
use crate::program::{ProgramOptions, StartedProgram, build};

/// How long the line of the log that says how the event ended is waited for.
const LOG_LIMIT: Duration = Duration::from_millis(500);

/// The program that a command sends events to: one that runs, or one that the command builds, starts and ends.
#[derive(Args)]
pub(super) struct TargetOptions {
    /// Address of a program that runs, such as 127.0.0.1:10001. Nothing is built and started then.
    #[arg(long, value_name = "HOST:PORT", help_heading = "Program", conflicts_with_all = ["manifest_path", "package", "bin", "example", "features", "all_features", "no_default_features", "release", "executable", "arguments"])]
    address: Option<String>,
    /// Metadata key of the secret that the program requires.
    #[arg(
        long,
        value_name = "KEY",
        help_heading = "Program",
        env = "WORKER_SECRET_KEY",
        requires = "secret"
    )]
    secret_key: Option<String>,
    /// Secret that the program requires.
    #[arg(
        long,
        value_name = "TEXT",
        help_heading = "Program",
        env = "WORKER_SECRET_VALUE",
        hide_env_values = true,
        requires = "secret_key"
    )]
    secret: Option<String>,
    #[command(flatten)]
    program: ProgramOptions,
    /// Arguments for the program that is started.
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

/// The program, and a connection to it.
pub(super) struct Target {
    pub(super) address: String,
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

    /// Stops the program, if the command has started it.
    pub(super) async fn close(self) {
        if let Some(program) = self.program {
            program.stop().await;
        }
    }
}

impl TargetOptions {
    /// Builds and starts the program, unless it runs, and connects to it. With `has_outcomes`, a program that is
    /// started logs how each event ends.
    pub(super) async fn open(&self, has_outcomes: bool) -> Result<Target, Box<dyn Error>> {
        let (address, program) = match &self.address {
            Some(address) => (address.clone(), None),
            None => {
                let executable = build(&self.program)?;
                let program = StartedProgram::start(&executable, &self.arguments, has_outcomes).await?;
                (program.address().to_owned(), Some(program))
            }
        };
        let client = self.connect(&address).await?;
        Ok(Target {
            address,
            client,
            program,
        })
    }

    /// Connects once more.
    pub(super) async fn connect(&self, address: &str) -> Result<ProgramClient, Box<dyn Error>> {
        let secret = self.secret_key.clone().zip(self.secret.clone());
        let secret = secret.map(|(key, value)| Secret { key, value });
        Ok(ProgramClient::connect(address).await?.with_secret(secret))
    }
}
