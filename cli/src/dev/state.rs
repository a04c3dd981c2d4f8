//! What `dev` is doing, as the console shows it.

use serde::Serialize;

/// What `dev` is doing.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct State {
    pub(crate) phase: Phase,
    pub(crate) build: Option<BuildState>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) program: Option<ProgramState>,
    pub(crate) centrifugo: CentrifugoState,
    pub(crate) project: ProjectState,
}

/// The step at which the newest build is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    #[default]
    Building,
    Failed,
    Starting,
    Ready,
    Stopped,
}

/// The last build.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct BuildState {
    pub(crate) started_ms: u64,
    pub(crate) duration_ms: Option<u64>,
    pub(crate) ok: Option<bool>,
    pub(crate) messages: Vec<String>,
}

/// Something that keeps the newest program from running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    pub(crate) message: String,
    /// `file:line`.
    pub(crate) place: Option<String>,
}

/// The program to which events go.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ProgramState {
    pub(crate) executable: String,
    pub(crate) pid: u32,
    pub(crate) started_ms: u64,
    pub(crate) restarts: u64,
    pub(crate) address: String,
}

/// Centrifugo.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct CentrifugoState {
    pub(crate) running: bool,
    pub(crate) version: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) problem: Option<String>,
    /// Counts the configurations. With another number, the page asks for the configuration and its findings again.
    pub(crate) configuration: u64,
}

/// The project.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct ProjectState {
    pub(crate) name: String,
    pub(crate) path: String,
}
