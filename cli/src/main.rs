//! `cargo centrifugo`: develops, checks and describes backends of Centrifugo applications.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_centrifugo::commands::run()
}
