//! Builds the program after each change, and makes Centrifugo follow it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use tokio::sync::mpsc;

use super::events::unix_ms;
use super::hub::Hub;
use super::program_switch::ProgramSwitch;
use super::services::Services;
use super::sources::{Change, Watched, build};
use super::state::{BuildState, Phase};
use super::terminal::Terminal;
use crate::env_file::read_env_file;
use crate::program::ProgramOptions;

/// Builds the program after each change, and makes Centrifugo follow it.
pub(crate) struct Supervisor {
    pub(crate) options: ProgramOptions,
    pub(crate) env_file: Option<PathBuf>,
    pub(crate) program: ProgramSwitch,
    pub(crate) services: Services,
    pub(crate) watched: Arc<Mutex<Watched>>,
    pub(crate) changes: mpsc::Receiver<Change>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) terminal: Terminal,
}

impl Supervisor {
    /// Works until this future is dropped.
    pub(crate) async fn work(&mut self) {
        self.build_and_follow().await;
        loop {
            tokio::select! {
                change = self.changes.recv() => match change {
                    Some(change) => self.changed(change).await,
                    // The thread that watches has ended, which it does not do by itself.
                    None => std::future::pending().await,
                },
                exit = self.program.exited() => {
                    self.program.start_again(&exit).await;
                    self.follow_handlers().await;
                }
                exit = self.services.exited() => self.services.has_exited(&exit),
                Some(()) = self.program.drained() => {}
            }
        }
    }

    async fn changed(&mut self, mut change: Change) {
        // What changed in the meantime is part of the same build.
        while let Ok(more) = self.changes.try_recv() {
            change.add(more);
        }
        if change.config {
            self.program.meanwhile(self.services.config_changed()).await;
            if let Some(described) = self.program.description() {
                self.services.print_findings(&described.description);
            }
        }
        let has_new_variables = change.env_file && self.read_variables();
        if has_new_variables || !change.sources.is_empty() {
            self.program.forget_crashes();
            self.build_and_follow().await;
        }
    }

    /// Reads the variables of the program again. The old ones stay if the file is wrong. Returns whether they were read.
    fn read_variables(&mut self) -> bool {
        let Some(path) = &self.env_file else {
            return false;
        };
        match read_env_file(path) {
            Ok(variables) => {
                self.program.starter.environment.file = variables;
                true
            }
            Err(error) => {
                self.terminal
                    .error(&format!("{error}; the old variables stay in use"));
                false
            }
        }
    }

    /// Builds the program, replaces the running one, and makes Centrifugo follow it. Centrifugo is started again in any case if it
    /// has ended.
    async fn build_and_follow(&mut self) {
        self.build_and_replace().await;
        self.follow_handlers().await;
    }

    /// Builds the program, and replaces the running one if the new one is different. The old one answers events until the new
    /// one is ready, and goes on if there is none.
    async fn build_and_replace(&mut self) {
        let started = Instant::now();
        let began = SystemTime::now();
        let started_ms = unix_ms(began);
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
        let report = self.program.meanwhile(build(&self.options, &self.terminal)).await;
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
                self.program.failed(&error.to_string(), report.problems, false);
                return;
            }
        };
        self.watch_inputs(&executable, report.inputs, began);
        if self.program.runs(&executable) {
            self.terminal.note("the program is the same as before");
            self.hub.change(|state| {
                state.phase = Phase::Ready;
                state.problems.clear();
            });
            self.services.revive().await;
            return;
        }
        self.program.replace(&executable, started).await;
    }

    /// Makes Centrifugo use the configuration for the handlers of the newest program, and starts it if it does not run.
    async fn follow_handlers(&mut self) {
        let Some(described) = self.program.description() else {
            return;
        };
        let config = described.description.configuration.centrifugo.as_ref();
        self.program.meanwhile(self.services.follow(config)).await;
        self.services.print_findings(&described.description);
    }

    fn watch_inputs(&self, executable: &Path, inputs: Vec<PathBuf>, began: SystemTime) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if self.options.executable.is_some() {
            watched.files.entry(executable.to_owned()).or_insert(began);
            return;
        }
        for input in inputs {
            // What build scripts write follows from the other inputs.
            if !input.starts_with(&watched.target) {
                watched.files.entry(input).or_insert(began);
            }
        }
    }

    /// Stops all programs in order: Centrifugo first, so that no more events come.
    pub(crate) async fn stop(&mut self) {
        self.hub.change(|state| state.phase = Phase::Stopped);
        self.services.stop().await;
        self.program.stop().await;
    }
}
