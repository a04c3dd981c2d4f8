//! The sources of the program: how they are built, and when they change.

mod build;
mod project;
mod watcher;

pub(crate) use build::build;
pub(crate) use project::Project;
pub(crate) use watcher::{Change, Watched, watch};
