//! What `cargo centrifugo` does with the description of a program, as a library.
//!
//! A program of the crate `centrifugo` prints its [`Description`](description::Description) with `WORKER_DESCRIBE=json`. All
//! else is made from it, so that programs carry no dependency of this package.

pub mod asyncapi;
pub mod centrifugo;
pub mod check;
#[cfg(feature = "cli")]
pub mod commands;
pub mod config_file;
pub mod description;
#[cfg(feature = "cli")]
mod dev;
#[cfg(feature = "cli")]
mod env_file;
#[cfg(feature = "cli")]
pub mod invoke;
#[cfg(feature = "cli")]
pub mod new_project;
mod pattern;
#[cfg(feature = "cli")]
mod printable;
#[cfg(feature = "cli")]
mod process;
#[cfg(feature = "cli")]
pub mod program;
#[cfg(feature = "cli")]
pub mod recording;
#[cfg(feature = "cli")]
pub mod replay;
#[cfg(feature = "cli")]
mod terminal_colors;
pub mod typescript;
mod unique_names;
pub mod wanted_config;
