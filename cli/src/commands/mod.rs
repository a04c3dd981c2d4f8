//! The commands of `cargo centrifugo`: one file for each.

mod check;
mod command_line;
mod exit_status;
mod routes;

pub use command_line::run;
