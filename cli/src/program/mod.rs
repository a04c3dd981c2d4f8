//! The user's program: how it is built, asked for its description, and started.

mod build;
mod describe;
mod pieces;
mod program_environment;
mod program_log;
mod program_options;
mod removed_variables;
mod started_program;

pub use build::{BuildError, build};
pub(crate) use build::{Executable, MAX_MESSAGE_LEN, choose, executable_of};
pub(crate) use describe::describe;
pub(crate) use describe::describe_by;
pub(crate) use program_environment::ProgramEnvironment;
pub use program_options::ProgramOptions;
pub(crate) use removed_variables::REMOVED_VARIABLES;
pub(crate) use started_program::StartedProgram;
