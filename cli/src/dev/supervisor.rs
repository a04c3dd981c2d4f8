//! Builds the program, starts it, and replaces it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::console::Described;
use super::events::{HandlerIndex, unix_ms};
use super::hub::Hub;
use super::process::{self, Exit};
use super::program::{Environment, Running, problems_of_lines, read_env_file};
use super::proxy::{Observer, Proxy};
use super::services::Services;
use super::sources::{Change, Watched, build};
use super::state::{BuildState, Phase, Problem, ProgramState};
use super::terminal::Terminal;
use crate::description::Description;
use crate::program::{ProgramOptions, describe_by};

/// How often a program that ends by itself is started again without a change.
const MAX_CRASHES: usize = 5;
/// The time in which these are counted.
const CRASH_WINDOW: Duration = Duration::from_secs(60);
/// The wait before the second start. Each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// How often a program is started again because another process had its port.
const PORT_ATTEMPTS: usize = 3;

/// Builds the program, starts it, and replaces it.
pub(crate) struct Supervisor {
    pub(crate) options: ProgramOptions,
    pub(crate) environment: Environment,
    pub(crate) env_file: Option<PathBuf>,
    pub(crate) proxy: Proxy,
    pub(crate) proxy_address: std::net::SocketAddr,
    pub(crate) observer: Observer,
    pub(crate) handlers: watch::Sender<Arc<HandlerIndex>>,
    pub(crate) description: watch::Sender<Option<Described>>,
    pub(crate) services: Services,
    pub(crate) watched: Arc<Mutex<Watched>>,
    pub(crate) changes: mpsc::Receiver<Change>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) terminal: Terminal,
    pub(crate) running: Option<Running>,
    /// What tells the executable that runs from a newer one.
    pub(crate) stamp: Option<(SystemTime, u64)>,
    pub(crate) draining: JoinSet<()>,
    pub(crate) crashes: Vec<Instant>,
    pub(crate) restarts: u64,
}

impl Supervisor {
    /// Works until this future is dropped.
    pub(crate) async fn work(&mut self) {
        self.build_and_switch(false).await;
        loop {
            tokio::select! {
                change = self.changes.recv() => match change {
                    Some(change) => self.changed(change).await,
                    // The thread that watches has ended, which it does not do by itself.
                    None => std::future::pending().await,
                },
                exit = program_exit(self.running.as_ref()) => self.crashed(&exit).await,
                exit = self.services.exited() => self.services.has_exited(&exit),
                Some(_) = self.draining.join_next() => {}
            }
        }
    }

    async fn changed(&mut self, mut change: Change) {
        // What changed in the meantime is part of the same build.
        while let Ok(more) = self.changes.try_recv() {
            change.add(more);
        }
        if change.config {
            self.services.config_changed().await;
        }
        if change.env_file
            && let Some(path) = &self.env_file
        {
            match read_env_file(path) {
                Ok(variables) => self.environment.file = variables,
                Err(error) => {
                    self.terminal.error(&error.to_string());
                    return;
                }
            }
        }
        if change.env_file || !change.sources.is_empty() {
            self.crashes.clear();
            self.build_and_switch(change.env_file).await;
        }
    }

    /// Builds the program, and replaces the running one if the new one is different. The old one answers events until the new
    /// one is ready, and goes on if there is none.
    async fn build_and_switch(&mut self, has_new_environment: bool) {
        let started = Instant::now();
        let started_ms = unix_ms(SystemTime::now());
        self.hub.change(|state| {
            state.phase = Phase::Building;
            state.build = Some(BuildState {
                started_ms,
                duration_ms: None,
                ok: None,
                messages: Vec::new(),
            });
        });
        if self.options.executable.is_none() {
            self.terminal.note("building");
        }
        let report = build(&self.options, &self.terminal).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.hub.change(|state| {
            state.build = Some(BuildState {
                started_ms,
                duration_ms: Some(duration_ms),
                ok: Some(report.result.is_ok()),
                messages: report.messages,
            });
        });
        let executable = match report.result {
            Ok(executable) => executable,
            Err(error) => {
                // The compiler's messages are printed already.
                self.failed(&error.to_string(), report.problems, false);
                return;
            }
        };
        self.watch_inputs(&executable, report.inputs);
        let stamp = stamp(&executable);
        if self.running.is_some() && stamp == self.stamp && !has_new_environment {
            self.terminal.note("the program is the same as before");
            self.hub.change(|state| {
                state.phase = Phase::Ready;
                state.problems.clear();
            });
            self.services.revive().await;
            return;
        }
        self.replace(&executable, stamp, started).await;
    }

    /// Starts a program, and sends the events to it when it is ready.
    async fn replace(&mut self, executable: &Path, stamp: Option<(SystemTime, u64)>, since: Instant) {
        self.hub.change(|state| state.phase = Phase::Starting);
        let described = match self.describe(executable).await {
            Ok(described) => described,
            Err(problems) => {
                self.failed("the program does not describe itself", problems, true);
                return;
            }
        };
        let running = match self.start(executable).await {
            Ok(running) => running,
            Err(problems) => {
                self.failed("the program does not start", problems, true);
                return;
            }
        };
        self.stamp = stamp;
        self.handlers
            .send_replace(Arc::new(HandlerIndex::new(&described.description)));
        self.proxy.switch(Some(Arc::clone(&running.backend)));
        let state = ProgramState {
            executable: running.executable.display().to_string(),
            pid: running.child.pid(),
            started_ms: unix_ms(running.started),
            restarts: self.restarts,
            address: running.address.to_string(),
        };
        self.terminal.note(&format!(
            "the program is ready: {} handlers, process {}, after {:.1} s",
            described.description.handlers.len(),
            state.pid,
            since.elapsed().as_secs_f64()
        ));
        self.restarts += 1;
        if let Some(old) = self.running.replace(running) {
            self.draining.spawn(old.drain());
        }
        let description = Arc::clone(&described.description);
        self.description.send_replace(Some(described));
        self.hub.change(|shown| {
            shown.phase = Phase::Ready;
            shown.problems.clear();
            shown.program = Some(state);
        });
        let config = description.configuration.centrifugo.as_ref();
        if self.services.follow(config).await {
            self.services.print_findings(&description);
        }
    }

    async fn start(&self, executable: &Path) -> Result<Running, Vec<Problem>> {
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
                place: super::events::find_place(&message).map(str::to_owned),
                message,
            }]
        };
        let (mut command, control) =
            process::command(executable.as_os_str()).map_err(|error| problem(error.to_string()))?;
        self.environment.apply(&mut command, self.proxy_address);
        let described = tokio::task::spawn_blocking(move || {
            let text = describe_by(command);
            // The program lives until here.
            drop(control);
            text
        });
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

    /// Says that there is no new program.
    fn failed(&self, what: &str, problems: Vec<Problem>, prints_problems: bool) {
        for problem in problems.iter().filter(|_| prints_problems) {
            match &problem.place {
                Some(place) if !problem.message.contains(place.as_str()) => {
                    self.terminal.error(&format!("{}: {place}", problem.message));
                }
                _ => self.terminal.error(&problem.message),
            }
        }
        let then = if self.running.is_some() {
            "the old program goes on"
        } else {
            "there is no program yet; events are answered with UNAVAILABLE"
        };
        self.terminal.note(&format!("{what}; {then}"));
        self.hub.change(|state| {
            state.phase = Phase::Failed;
            state.problems = problems;
        });
    }

    /// Starts a program again that has ended by itself.
    async fn crashed(&mut self, exit: &Exit) {
        let Some(old) = self.running.take() else {
            return;
        };
        self.proxy.switch(None);
        let problem = format!("the program ended by itself with {exit}");
        self.terminal.error(&problem);
        self.crashes.retain(|at| at.elapsed() < CRASH_WINDOW);
        self.crashes.push(Instant::now());
        let problems = {
            let lines = [problem.clone()];
            let found = problems_of_lines(&lines);
            if found.is_empty() {
                vec![Problem {
                    message: problem,
                    place: None,
                }]
            } else {
                found
            }
        };
        self.hub.change(|state| {
            state.phase = Phase::Failed;
            state.problems = problems;
            state.program = None;
        });
        let count = self.crashes.len();
        if count > MAX_CRASHES {
            self.terminal.note(&format!(
                "the program ended {count} times within {} s; it is started again after a change",
                CRASH_WINDOW.as_secs()
            ));
            return;
        }
        if count > 1 {
            let wait = FIRST_WAIT * 2_u32.saturating_pow(u32::try_from(count - 2).unwrap_or(0));
            tokio::time::sleep(wait).await;
        }
        let executable = old.executable.clone();
        self.replace(&executable, stamp(&executable), Instant::now())
            .await;
    }

    fn watch_inputs(&self, executable: &Path, inputs: Vec<PathBuf>) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if self.options.executable.is_some() {
            watched.files = vec![executable.to_owned()];
            return;
        }
        for input in inputs {
            // What build scripts write follows from the other inputs.
            if !input.starts_with(&watched.target) && !watched.files.contains(&input) {
                watched.files.push(input);
            }
        }
    }

    /// Stops all programs in order: Centrifugo first, so that no more events come.
    pub(crate) async fn stop(&mut self) {
        self.hub.change(|state| state.phase = Phase::Stopped);
        self.services.stop().await;
        self.proxy.switch(None);
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        while self.draining.join_next().await.is_some() {}
    }
}

async fn program_exit(running: Option<&Running>) -> Exit {
    match running {
        Some(running) => running.child.exited().await,
        None => std::future::pending().await,
    }
}

fn stamp(executable: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(executable).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
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
