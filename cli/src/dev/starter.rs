//! Starts a program beside the one that runs.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use super::described::Described;
use super::events::find_place;
use super::program::{Environment, Running};
use super::proxy::Observer;
use super::state::Problem;
use super::terminal::Terminal;
use crate::description::Description;
use crate::process;
use crate::program::describe_by;

/// How often a program is started again because another process had its port.
const PORT_ATTEMPTS: usize = 3;

/// Starts programs.
#[derive(Clone)]
pub(crate) struct Starter {
    pub(crate) environment: Environment,
    pub(crate) proxy_address: SocketAddr,
    pub(crate) observer: Observer,
    pub(crate) terminal: Terminal,
}

/// A program that is ready for events.
pub(crate) struct Started {
    pub(crate) described: Described,
    pub(crate) running: Running,
}

/// Why no program was started.
pub(crate) struct NotStarted {
    /// What the program does not do.
    pub(crate) what: &'static str,
    pub(crate) problems: Vec<Problem>,
}

impl Starter {
    /// Asks a program for its description, starts it, and waits until it is ready.
    pub(crate) async fn start(&self, executable: &Path) -> Result<Started, NotStarted> {
        let failed = |what| move |problems| NotStarted { what, problems };
        let described = self.describe(executable);
        let described = self
            .terminal
            .progress("waiting for the description of the program", described)
            .await;
        let described = described.map_err(failed("the program does not describe itself"))?;
        let running = self.run(executable);
        let running = self
            .terminal
            .progress("waiting until the program listens", running)
            .await;
        let running = running.map_err(failed("the program does not start"))?;
        Ok(Started { described, running })
    }

    async fn run(&self, executable: &Path) -> Result<Running, Vec<Problem>> {
        for attempt in 1.. {
            match Running::start(executable, &self.environment, &self.observer).await {
                Ok(running) => return Ok(running),
                Err(error) => {
                    let is_port = error
                        .problems()
                        .iter()
                        .any(|problem| problem.message.to_lowercase().contains("address already in use"));
                    if !is_port || attempt >= PORT_ATTEMPTS {
                        let mut problems = error.problems();
                        let message = error.to_string();
                        if problems.iter().all(|problem| problem.message != message) {
                            problems.push(Problem { message, place: None });
                        }
                        return Err(problems);
                    }
                }
            }
        }
        Err(Vec::new())
    }

    /// Asks a program for its description, as if it listened at the address of the proxy.
    async fn describe(&self, executable: &Path) -> Result<Described, Vec<Problem>> {
        let problem = |message: String| {
            vec![Problem {
                place: find_place(&message).map(str::to_owned),
                message,
            }]
        };
        let (mut command, control) =
            process::command(executable.as_os_str()).map_err(|error| problem(error.to_string()))?;
        self.environment.apply(&mut command, self.proxy_address);
        let described = tokio::task::spawn_blocking(move || describe_by(command, control));
        let text = match described.await {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => return Err(problem(error.to_string())),
            Err(error) => return Err(problem(error.to_string())),
        };
        let description = Description::parse(&text).map_err(|error| problem(error.to_string()))?;
        let document = Description::document(&text).map_err(|error| problem(error.to_string()))?;
        check_endpoint(&description, &self.proxy_address.to_string()).map_err(problem)?;
        Ok(Described {
            document: Arc::new(document),
            description: Arc::new(description),
        })
    }
}

/// Checks that the program listens where `dev` says.
fn check_endpoint(description: &Description, address: &str) -> Result<(), String> {
    let endpoint = description.endpoint.as_ref();
    let grpc = endpoint.and_then(|endpoint| endpoint.grpc.as_deref());
    let (Some(endpoint), Some(grpc)) = (endpoint, grpc) else {
        return Err("the program has no gRPC endpoint, through which `dev` sends events; enable the feature `grpc` of the crate \
                    `centrifugo`, and do not switch the endpoint off in code"
            .to_owned());
    };
    if grpc != address {
        return Err(format!(
            "the program listens at {grpc}, which its code sets (`Server::listen`), so that no new program could start beside it; remove \
             the call, and set WORKER_LISTEN where the program is deployed"
        ));
    }
    if endpoint.tls || !endpoint.secret_keys.is_empty() {
        return Err("the program requires TLS or a secret, which its code sets; set them with WORKER_TLS_CERT and WORKER_SECRET_KEY where the \
                    program is deployed: `dev` serves this machine alone, without both"
            .to_owned());
    }
    Ok(())
}
