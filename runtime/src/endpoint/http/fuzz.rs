//! The JSON mapping for cargo-fuzz.

use serde_json::Value;

use super::json::{request, response};
use crate::dispatch::Dispatcher;
use crate::event::{Event, Kind, Metadata, Request};
use crate::handler::Outcome;

/// Reads the bytes as the JSON of each kind of request, and as each kind of response that is to be written as JSON. The
/// first byte chooses the kind.
pub fn http_json(bytes: &[u8]) {
    let Some((&first, bytes)) = bytes.split_first() else {
        return;
    };
    let kind = Kind::ALL[usize::from(first) % Kind::ALL.len()];
    match request(kind, bytes) {
        // What was read is JSON. The message and its encoding are answered in the same way.
        Ok(request) => {
            assert!(serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok());
            let encoded = Request::Encoded(request.encoded().clone());
            let answers = [request, encoded].map(|request| dispatch(kind, request));
            assert_eq!(answers[0], answers[1]);
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

/// Returns the response as JSON, or the text of a failure.
fn dispatch(kind: Kind, request: Request) -> String {
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
    let event = Event::with_request(kind, Metadata::default(), request);
    let outcome = runtime.block_on(async { dispatcher.dispatch(event).await });
    assert!(
        !matches!(outcome, Outcome::Unreadable(_)),
        "{kind}: what was read from JSON can't be read"
    );
    match outcome.into_json(kind, |body| response(kind, body)) {
        Ok(json) => String::from_utf8_lossy(&json).into_owned(),
        Err(reason) => reason.into_owned(),
    }
}
