//! The environment variables that programs read: their table, and how each is read.

mod environment;
mod variables;

pub(crate) use environment::{Environment, unknown_variables};
pub(crate) use variables::{Mode, VARIABLES};
