//! An endpoint whose handler returns its data. With the argument `spans` it has a subscriber that records nothing.

use centrifugo::{Data, ServeError};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

/// Enables spans and events of the level INFO, as programs have it, and records nothing. The spans of events are of that level.
/// h2 has spans of the level TRACE for each of its frames, which are not measured.
struct RecordsNothing;

impl Subscriber for RecordsNothing {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
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
