//! The commands of `cargo centrifugo`: one file for each.

mod client;
mod command_line;
mod exit_status;
mod routes;

pub use command_line::run;
