//! Starts everything, and stops it again.

use std::process::Stdio;

use centrifugo::BoxError;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::addresses::Addresses;
use crate::centrifugo_config::centrifugo_config;
use crate::children::{Children, find_on_path};
use crate::folder::Folder;
use crate::options::Options;
use crate::{BACKEND, find_centrifugo, grafana, load, parent_death_signal, prometheus};

/// The path of the dashboard in Grafana: the `uid` in `dashboard.json`.
const DASHBOARD_PATH: &str = "/d/centrifugo-backend";

/// Runs until Ctrl-C or SIGTERM arrives, or until one of the processes ends.
#[tokio::main]
pub async fn run(options: Options) -> Result<(), BoxError> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let folder = Folder::create()?;
    let mut children = Children::new(folder.path());
    let ended = tokio::select! {
        ended = start_and_wait(options, &folder, &mut children) => ended,
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    };
    children.stop().await;
    ended
}

async fn start_and_wait(options: Options, folder: &Folder, children: &mut Children) -> Result<(), BoxError> {
    let addresses = Addresses::find()?;
    let centrifugo = match find_centrifugo::find() {
        _ if options.is_direct => None,
        Ok(path) => Some(path),
        Err(error) => {
            eprintln!("observability: {error}");
            None
        }
    };

    children
        .start_with_output("backend", backend(&addresses, options)?, addresses.metrics)
        .await?;
    show(
        "the backend's metrics",
        &format!("http://{}/metrics", addresses.metrics),
    );

    if let Some(program) = &centrifugo {
        let config = folder.write("centrifugo.json", &centrifugo_config(&addresses).to_string())?;
        let mut command = parent_death_signal::command(program);
        // Centrifugo would read this variable as a setting.
        command.arg("--config").arg(config).env_remove("CENTRIFUGO");
        children.start("Centrifugo", command, addresses.clients).await?;
        show(
            "Centrifugo's metrics",
            &format!("http://{}/metrics", addresses.clients),
        );
    } else {
        show("Centrifugo", "not used; events go to the backend by gRPC");
    }

    if let Some(program) = find_on_path("prometheus") {
        let command = prometheus::command(&program, folder, &addresses, options, centrifugo.is_some())?;
        children
            .start("Prometheus", command, addresses.prometheus)
            .await?;
        show("Prometheus", &format!("http://{}/", addresses.prometheus));
    } else {
        show(
            "Prometheus",
            "not found: put `prometheus` on PATH (Debian: `apt install prometheus`)",
        );
    }

    if let Some(found) = grafana::find() {
        let command = grafana::command(&found, folder, &addresses)?;
        children.start("Grafana", command, addresses.grafana).await?;
        show(
            "the dashboard",
            &format!("http://{}{DASHBOARD_PATH}", addresses.grafana),
        );
    } else {
        show(
            "Grafana",
            "not found: put `grafana` on PATH (https://grafana.com/grafana/download)",
        );
    }

    eprintln!("observability: sends events until Ctrl-C");
    tokio::select! {
        ended = children.ended() => ended,
        () = load::run(&addresses, options, centrifugo.is_some()) => Ok(()),
    }
}

fn show(name: &str, what: &str) {
    eprintln!("observability: {:<22} {what}", format!("{name}:"));
}

/// Returns the command that starts this program as the backend.
fn backend(addresses: &Addresses, options: Options) -> Result<Command, BoxError> {
    let mut command = parent_death_signal::command(&std::env::current_exe()?);
    command
        .arg(BACKEND)
        .env("WORKER_LISTEN", addresses.events.to_string())
        .env("WORKER_METRICS_LISTEN", addresses.metrics.to_string())
        .env("WORKER_API", format!("grpc://{}", addresses.api))
        .env("WORKER_BANNER", "off");
    if options.has_faults {
        // This pipe is read slowly, so that lines of the log are dropped.
        command.stderr(Stdio::piped());
    }
    Ok(command)
}
