//! Keeps a program running, and replaces it.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::described::Described;
use super::events::{HandlerIndex, unix_ms};
use super::hub::Hub;
use super::program::{Running, problems_of_lines};
use super::proxy::Proxy;
use super::starter::{Started, Starter};
use super::state::{Phase, Problem, ProgramState};
use super::terminal::Terminal;
use crate::process::Exit;

/// How often a program that ends by itself is started again without a change.
const MAX_CRASHES: usize = 5;
/// The time in which these are counted.
const CRASH_WINDOW: Duration = Duration::from_secs(60);
/// The wait before the second start. Each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// What a program is started with. Another one is another program.
#[derive(Debug, PartialEq, Eq)]
struct Version {
    /// The time and the length of the executable.
    file: Option<(SystemTime, u64)>,
    /// Variables of the file with the environment.
    variables: Vec<(String, String)>,
}

/// Keeps a program running, and replaces it.
pub(crate) struct ProgramSwitch {
    pub(crate) starter: Starter,
    proxy: Proxy,
    handlers: watch::Sender<Arc<HandlerIndex>>,
    description: watch::Sender<Option<Described>>,
    hub: Arc<Hub>,
    terminal: Terminal,
    running: Option<Running>,
    /// What runs.
    version: Option<Version>,
    draining: JoinSet<()>,
    crashes: Vec<Instant>,
    restarts: u64,
}

impl ProgramSwitch {
    pub(crate) fn new(
        starter: Starter,
        proxy: Proxy,
        handlers: watch::Sender<Arc<HandlerIndex>>,
        description: watch::Sender<Option<Described>>,
        hub: Arc<Hub>,
        terminal: Terminal,
    ) -> Self {
        Self {
            starter,
            proxy,
            handlers,
            description,
            hub,
            terminal,
            running: None,
            version: None,
            draining: JoinSet::new(),
            crashes: Vec::new(),
            restarts: 0,
        }
    }

    /// Returns the description of the newest program that was ready.
    pub(crate) fn description(&self) -> Option<Described> {
        self.description.borrow().clone()
    }

    /// Returns whether this executable runs with the current variables.
    pub(crate) fn runs(&self, executable: &Path) -> bool {
        self.running.is_some() && self.version.as_ref() == Some(&self.newest(executable))
    }

    fn newest(&self, executable: &Path) -> Version {
        let metadata = std::fs::metadata(executable);
        Version {
            file: metadata.and_then(|file| Ok((file.modified()?, file.len()))).ok(),
            variables: self.starter.environment.file.clone(),
        }
    }

    /// Starts a program, and sends the events to it when it is ready. The old one answers events until then.
    pub(crate) async fn replace(&mut self, executable: &Path, since: Instant) {
        self.hub.change(|state| state.phase = Phase::Starting);
        let version = self.newest(executable);
        let starter = self.starter.clone();
        match self.meanwhile(starter.start(executable)).await {
            Ok(started) => self.take_over(started, version, since),
            Err(error) => self.failed(error.what, error.problems, true),
        }
    }

    /// Waits for something, and starts the program again if it ends meanwhile.
    pub(crate) async fn meanwhile<T>(&mut self, step: impl Future<Output = T>) -> T {
        let mut step = pin!(step);
        loop {
            let exit = tokio::select! {
                result = &mut step => return result,
                exit = self.exited() => exit,
            };
            let phase = self.hub.state().phase;
            let result = {
                let mut restart = pin!(self.start_again(&exit));
                tokio::select! {
                    result = &mut step => {
                        // There might be no program otherwise, if the step has no new one.
                        restart.await;
                        Some(result)
                    }
                    () = &mut restart => None,
                }
            };
            if matches!(phase, Phase::Building | Phase::Starting) {
                self.hub.change(|state| state.phase = phase);
            }
            if let Some(result) = result {
                return result;
            }
        }
    }

    /// Waits until the program has ended by itself. Never ends if there is none.
    pub(crate) fn exited(&self) -> impl Future<Output = Exit> + Send + use<> {
        let exited = self.running.as_ref().map(|running| running.child.exited());
        async move {
            match exited {
                Some(exited) => exited.await,
                None => std::future::pending().await,
            }
        }
    }

    /// Waits until a replaced program has ended. Returns `None` if there is none.
    pub(crate) async fn drained(&mut self) -> Option<()> {
        self.draining.join_next().await.map(|_| ())
    }

    /// Allows as many starts without a change as in the beginning.
    pub(crate) fn forget_crashes(&mut self) {
        self.crashes.clear();
    }

    /// Starts a program again that has ended by itself.
    pub(crate) async fn start_again(&mut self, exit: &Exit) {
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
        let executable: PathBuf = old.executable.clone();
        drop(old);
        self.hub.change(|state| state.phase = Phase::Starting);
        let (version, since) = (self.newest(&executable), Instant::now());
        match self.starter.start(&executable).await {
            Ok(started) => self.take_over(started, version, since),
            Err(error) => self.failed(error.what, error.problems, true),
        }
    }

    /// Sends the events to a program that is ready, and stops the old one.
    fn take_over(&mut self, Started { described, running }: Started, version: Version, since: Instant) {
        self.version = Some(version);
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
        self.description.send_replace(Some(described));
        self.hub.change(|shown| {
            shown.phase = Phase::Ready;
            shown.problems.clear();
            shown.program = Some(state);
        });
    }

    /// Says that there is no new program.
    pub(crate) fn failed(&self, what: &str, problems: Vec<Problem>, prints_problems: bool) {
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

    /// Stops all programs. No more events may come.
    pub(crate) async fn stop(&mut self) {
        self.proxy.switch(None);
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        while self.draining.join_next().await.is_some() {}
    }
}
