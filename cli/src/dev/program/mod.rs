//! The user's program while it runs.

mod env_file;
mod environment;
mod running;

pub(crate) use env_file::read_env_file;
pub(crate) use environment::Environment;
pub(crate) use running::{Running, problems_of_lines};
