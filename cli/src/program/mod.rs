//! The user's program: how it is built, asked for its description, and started.

mod build;
mod describe;
mod end_with_parent;
mod program_log;
mod program_options;
mod started_program;

pub use build::{BuildError, build};
pub(crate) use build::{choose, executable_of};
pub(crate) use describe::describe_by;
pub use describe::{DescribeError, describe};
pub(crate) use end_with_parent::run_child;
pub use program_log::ProgramLog;
pub use program_options::ProgramOptions;
pub use started_program::{StartError, StartedProgram};
