//! The commands of `cargo centrifugo`: one file for each.

mod asyncapi;
mod command_line;
mod config;
mod exit_status;
mod output_file;
mod routes;

pub use command_line::run;
