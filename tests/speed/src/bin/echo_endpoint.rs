//! An endpoint whose handler returns its data. With the argument `spans` it has a subscriber that records nothing.

use centrifugo::{Data, ServeError};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

/// Enables every span and every event, and records nothing.
struct RecordsNothing;

impl Subscriber for RecordsNothing {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn main() -> Result<(), ServeError> {
    if std::env::args().nth(1).as_deref() == Some("spans") {
        // Nothing has set a subscriber before.
        let _ = tracing::subscriber::set_global_default(RecordsNothing);
    }
    centrifugo::serve()
}
