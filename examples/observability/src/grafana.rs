//! Grafana with the dashboard.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;
use tokio::process::Command;

use crate::addresses::Addresses;
use crate::children::find_on_path;
use crate::folder::Folder;
use crate::parent_death_signal;

const DASHBOARD: &str = include_str!("../dashboard.json");

/// Finds Grafana's server on PATH, and the folder with its web page.
pub fn find() -> Option<(PathBuf, PathBuf)> {
    let program = find_on_path("grafana").or_else(|| find_on_path("grafana-server"))?;
    // In an archive of Grafana, the program is in `bin`.
    let own = program.canonicalize().ok()?;
    let home = [
        std::env::var_os("GF_PATHS_HOME").map(PathBuf::from),
        own.parent().and_then(Path::parent).map(Path::to_owned),
        Some("/usr/share/grafana".into()),
    ];
    let home = home
        .into_iter()
        .flatten()
        .find(|home| home.join("public").is_dir())?;
    Some((program, home))
}

/// Writes the configuration and returns the command.
pub fn command(
    (program, home): &(PathBuf, PathBuf),
    folder: &Folder,
    addresses: &Addresses,
) -> io::Result<Command> {
    let source = json!({
        "apiVersion": 1,
        "datasources": [{
            "name": "Prometheus",
            "type": "prometheus",
            "url": format!("http://{}", addresses.prometheus),
            "isDefault": true,
            "jsonData": { "timeInterval": "1s" },
        }],
    });
    let dashboards = folder.path().join("grafana/dashboards");
    let provider = json!({
        "apiVersion": 1,
        "providers": [{ "name": "example", "type": "file", "options": { "path": dashboards } }],
    });
    folder.write("grafana/dashboards/centrifugo-backend.json", DASHBOARD)?;
    // JSON is valid YAML.
    folder.write(
        "grafana/provisioning/datasources/prometheus.yaml",
        &source.to_string(),
    )?;
    folder.write(
        "grafana/provisioning/dashboards/example.yaml",
        &provider.to_string(),
    )?;
    let path = |name: &str| folder.path().join("grafana").join(name);
    let mut command = parent_death_signal::command(program);
    if program.ends_with("grafana") {
        command.arg("server");
    }
    command
        .arg("--homepath")
        .arg(home)
        .env("GF_PATHS_DATA", path("data"))
        .env("GF_PATHS_LOGS", path("logs"))
        .env("GF_PATHS_PLUGINS", path("plugins"))
        .env("GF_PATHS_PROVISIONING", path("provisioning"))
        .env("GF_SERVER_HTTP_ADDR", addresses.grafana.ip().to_string())
        .env("GF_SERVER_HTTP_PORT", addresses.grafana.port().to_string())
        .env("GF_AUTH_ANONYMOUS_ENABLED", "true")
        .env("GF_ANALYTICS_REPORTING_ENABLED", "false")
        .env("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
        .env("GF_LOG_LEVEL", "warn");
    Ok(command)
}
