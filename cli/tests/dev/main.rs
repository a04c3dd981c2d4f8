//! `cargo centrifugo dev` with a real program: a temporary project that depends on the crate `centrifugo` of this workspace.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod bad_programs;
mod client;
mod console;
mod ending;
mod project;
mod session;
mod switching;
