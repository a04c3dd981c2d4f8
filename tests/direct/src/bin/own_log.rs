//! A program with its own tracing subscriber, and with handlers that Centrifugo does not call.

use std::fmt::Write as _;

use centrifugo::extract::Incoming;
use centrifugo::{ServeError, reply};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[centrifugo::subscribe(channel = "a:{_id}")]
fn refused_namespace(_id: String) -> reply::Subscribe {
    reply::Subscribe::allow()
}

#[centrifugo::subscribe(channel = "$news:{_id}")]
fn private(_id: String) -> reply::Subscribe {
    reply::Subscribe::allow()
}

#[centrifugo::publish(channel = "{_any}:{_id}")]
fn any_namespace(_any: String, _id: String) -> reply::Publish {
    reply::Publish::allow()
}

type Client = Option<Incoming>;

#[centrifugo::subscribe_stream(channel = "clock:*")]
fn clock(_client: Client) -> reply::Stream {
    reply::Stream::new(
        reply::Subscribe::allow(),
        tokio_stream::empty::<reply::Publication>(),
    )
}

/// Prints the level and the message of each event as one line on standard error.
struct Lines;

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {field}={:?}", format!("{value:?}"));
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target() == "centrifugo"
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!("own {}", event.metadata().level()));
        event.record(&mut line);
        eprintln!("{}", line.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn main() -> Result<(), ServeError> {
    if std::env::var_os("OWN_LOG").is_some() {
        tracing::subscriber::set_global_default(Lines).expect("no other subscriber");
    }
    centrifugo::serve()
}
