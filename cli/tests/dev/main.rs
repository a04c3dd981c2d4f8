//! `cargo centrifugo dev` with a real program: a temporary project that depends on the crate `centrifugo` of this workspace.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod bad_programs;
mod centrifugo;
mod client;
mod console;
mod crashes;
mod descriptions;
mod ending;
mod project;
mod session;
mod switching;
