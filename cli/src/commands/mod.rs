//! The commands of `cargo centrifugo`: one file for each.

mod answer_printer;
mod asyncapi;
mod check;
mod client;
mod command_line;
mod completions;
mod config;
mod data_argument;
mod dev;
mod duration_argument;
mod env_file_option;
mod env_files;
mod exit_status;
mod explain;
mod generated_file;
mod invoke;
mod kind_argument;
mod new;
mod output_file;
mod record;
mod replay;
mod routes;
mod target_options;

pub use command_line::run;
