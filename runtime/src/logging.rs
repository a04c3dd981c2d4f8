//! Logs on standard error, when the program sets no subscriber: standard output belongs to RoadRunner.

use std::io::IsTerminal;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// `RUST_LOG` chooses what is printed, in the form `info,centrifugo=debug`; `info` unless set.
pub(crate) fn init() {
    let text = std::env::var("RUST_LOG").unwrap_or_default();
    let chosen = text.parse::<Targets>();
    let filter = match &chosen {
        Ok(targets) if !text.is_empty() => targets.clone(),
        _ => Targets::new().with_default(tracing::Level::INFO),
    };
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if tracing_subscriber::registry()
        .with(layer)
        .with(filter)
        .try_init()
        .is_ok()
        && let Err(error) = chosen
    {
        tracing::warn!(target: "centrifugo", %error, "RUST_LOG can't be read: printing `info` and above");
    }
}
