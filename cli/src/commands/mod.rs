//! The commands of `cargo centrifugo`: one file for each.

mod command_line;
mod dev;
mod exit_status;
mod record;
mod routes;

pub use command_line::run;
