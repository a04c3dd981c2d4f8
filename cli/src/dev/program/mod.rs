//! The user's program while it runs.

mod environment;
mod running;

pub(crate) use environment::Environment;
pub(crate) use running::{Running, problems_of_lines};

pub(crate) use crate::env_file::read_env_file;
