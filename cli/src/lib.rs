//! What `cargo centrifugo` does with the description of a program, as a library.
//!
//! A program of the crate `centrifugo` prints its [`Description`](description::Description) with `WORKER_DESCRIBE=json`. All
//! else is made from it, so that programs carry no dependency of this package.

#[cfg(feature = "cli")]
pub mod commands;
pub mod description;
#[cfg(feature = "cli")]
mod dev;
#[cfg(feature = "cli")]
pub mod program;
