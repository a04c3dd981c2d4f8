//! The user's program: how it is built, and how it is asked for its description.

mod build;
mod describe;
mod program_options;

pub use build::{BuildError, build};
pub(crate) use build::{choose, executable_of};
pub(crate) use describe::describe_by;
pub use describe::{DescribeError, describe};
pub use program_options::ProgramOptions;
