//! What `cargo centrifugo` does with the description of a program, as a library.
//!
//! A program of the crate `centrifugo` prints its [`Description`](description::Description) with `WORKER_DESCRIBE=json`. All
//! else is made from it, so that programs carry no dependency of this package.

pub mod asyncapi;
#[cfg(feature = "cli")]
pub mod commands;
pub mod config_file;
pub mod description;
#[cfg(feature = "cli")]
pub mod program;
pub mod wanted_config;
