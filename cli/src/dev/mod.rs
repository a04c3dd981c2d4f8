//! `cargo centrifugo dev`: builds and runs the program, replaces it after each change of its sources, and shows its events.
//!
//! Centrifugo's events come to a [proxy], which passes them on to the newest program that is ready.

mod centrifugo;
mod console;
mod described;
mod events;
mod hub;
mod keys;
mod options;
mod port_claim;
mod ports;
mod program;
mod program_switch;
mod proxy;
mod recording;
mod services;
mod session;
mod sources;
mod starter;
mod state;
mod supervisor;
mod terminal;

pub(crate) use options::{CentrifugoOptions, Options};
pub(crate) use session::run;
pub(crate) use terminal::Style;
