//! The JSON mapping for cargo-fuzz.

use bytes::Bytes;
use serde_json::Value;

use super::json::{request, response};
use crate::dispatch::Dispatcher;
use crate::event::{Event, Kind, Metadata};

/// Reads the bytes as the JSON of each kind of request, and as each kind of response that is to be written as JSON. The
/// first byte chooses the kind.
pub fn http_json(bytes: &[u8]) {
    let Some((&first, bytes)) = bytes.split_first() else {
        return;
    };
    let kind = Kind::ALL[usize::from(first) % Kind::ALL.len()];
    match request(kind, bytes) {
        // What was read is JSON, and is a message that the dispatcher takes.
        Ok(body) => {
            assert!(serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok());
            dispatch(kind, body);
        }
        Err(error) => {
            let _ = crate::error::describe(&error);
        }
    }
    if let Ok(json) = response(kind, bytes.to_vec().into()) {
        let value: Value = serde_json::from_slice(&json).expect("the answer is JSON");
        assert!(value.is_object(), "{value}");
    }
}

fn dispatch(kind: Kind, body: Bytes) {
    use std::sync::OnceLock;

    use tokio::runtime::{Builder, Runtime};
    static PROGRAM: OnceLock<(Runtime, Dispatcher)> = OnceLock::new();
    let (runtime, dispatcher) = PROGRAM.get_or_init(|| {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let dispatcher = runtime.block_on(crate::startup::Builder::default().build());
        (runtime, dispatcher.expect("handlers without mistakes"))
    });
    let event = Event::new(kind, Metadata::default(), body);
    let outcome = runtime.block_on(async { dispatcher.dispatch(event).await });
    assert!(
        !matches!(outcome, crate::handler::Outcome::Unreadable(_)),
        "{kind}: what was read from JSON can't be read"
    );
    if let Ok(body) = outcome.encode(kind) {
        let _ = response(kind, body);
    }
}
