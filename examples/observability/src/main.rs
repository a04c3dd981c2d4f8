//! The quickstart's backend under a small load, with everything to see it: `/metrics`, Prometheus with alert rules, and a
//! Grafana dashboard.
//!
//! `cargo run -p observability` starts the backend as a process of its own, Centrifugo if it is found, clients that send
//! events, and Prometheus and Grafana if they are found. `-- faults` adds clients whose events fail, so that alerts fire.

use std::process::ExitCode;

use centrifugo::BoxError;

mod addresses;
mod backend;
mod centrifugo_config;
mod children;
#[path = "../../chat/src/find_centrifugo.rs"]
mod find_centrifugo;
mod folder;
mod grafana;
mod load;
mod options;
#[path = "../../chat/src/parent_death_signal.rs"]
mod parent_death_signal;
mod prometheus;
mod run;

/// The argument that makes this program the backend.
const BACKEND: &str = "backend";

fn main() -> ExitCode {
    match parent_death_signal::exec_if_requested().and_then(|()| start()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("observability: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), BoxError> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if arguments == [BACKEND] {
        return Ok(backend::serve()?);
    }
    run::run(options::Options::parse(&arguments)?)
}
