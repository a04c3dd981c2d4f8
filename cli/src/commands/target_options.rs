//! The program that a command sends events to.

use std::error::Error;
use std::ffi::OsString;

use clap::Args;

use crate::invoke::{ProgramClient, Secret};
use crate::program::{ProgramOptions, StartedProgram, build};

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

impl TargetOptions {
    /// Builds and starts the program, unless it runs, and connects to it. Must run on the main thread, with which the program ends.
    /// With `has_outcomes`, a program that is started logs how each event ends.
    pub(super) async fn open(&self, has_outcomes: bool) -> Result<Target, Box<dyn Error>> {
        let (address, program) = match &self.address {
            Some(address) => (address.clone(), None),
            None => {
                let program = StartedProgram::start(&build(&self.program)?, &self.arguments, has_outcomes)?;
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
