//! Prometheus with the alert rules, which reads the metrics of the backend and of Centrifugo.

use std::io;
use std::path::Path;

use tokio::process::Command;

use crate::addresses::Addresses;
use crate::folder::Folder;
use crate::options::Options;
use crate::parent_death_signal;

const RULES: &str = include_str!("../alerts.yml");

/// Writes the configuration and returns the command.
pub fn command(
    program: &Path,
    folder: &Folder,
    addresses: &Addresses,
    options: Options,
    has_centrifugo: bool,
) -> io::Result<Command> {
    folder.write("prometheus/alerts.yml", &rules(options))?;
    let config = folder.write("prometheus/prometheus.yml", &config(addresses, has_centrifugo))?;
    let mut command = parent_death_signal::command(program);
    command
        .arg("--config.file")
        .arg(config)
        .arg("--storage.tsdb.path")
        .arg(folder.path().join("prometheus/data"))
        .arg(format!("--web.listen-address={}", addresses.prometheus))
        .arg("--log.level=warn");
    Ok(command)
}

/// Returns the alert rules. With faults, the alert for slow events does not wait for five minutes.
fn rules(options: Options) -> String {
    if options.has_faults {
        RULES.replace("for: 5m", "for: 5s")
    } else {
        RULES.to_owned()
    }
}

/// A backend and a Centrifugo in production are scraped every 15 s or every minute.
fn config(addresses: &Addresses, has_centrifugo: bool) -> String {
    let mut config = format!(
        "global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files:
  - alerts.yml
scrape_configs:
  - job_name: backend
    static_configs:
      - targets: ['{}']
",
        addresses.metrics
    );
    if has_centrifugo {
        config += &format!(
            "  - job_name: centrifugo
    static_configs:
      - targets: ['{}']
",
            addresses.clients
        );
    }
    config
}
