//! The environment variables of a program: a table of them, and how they are parsed.

mod environment;
mod variables;

pub(crate) use environment::{Environment, unknown_variables};
pub(crate) use variables::{Mode, VARIABLES};
