//! Logs events that were answered with an error.

use std::error::Error as _;

use crate::error::{Error, MalformedMessage};
use crate::event::Kind;
use crate::logging::{RefusalLog, clip, personal_id};
use crate::metrics::{Refusal, event_refused};

static MALFORMED: RefusalLog = RefusalLog::new("client messages refused: malformed").at_once(10);
static UNREADABLE: RefusalLog = RefusalLog::new("events refused: unreadable").at_once(10);
static NO_HANDLER: RefusalLog = RefusalLog::new("events refused: no handler").at_once(10);

/// The event whose handler or extractor returned an error.
pub(super) struct FailedEvent<'a> {
    pub(super) kind: Kind,
    pub(super) handler: &'static str,
    pub(super) client: &'a str,
}

/// Logs the error of a handler or an extractor. Errors that the client receives in full are not logged.
pub(super) fn log_error(event: &FailedEvent<'_>, error: &Error, text: &str) {
    let &FailedEvent {
        kind,
        handler,
        client,
    } = event;
    let client = personal_id(client);
    if error.is_internal() {
        tracing::error!(target: "centrifugo", %kind, handler, %client, error = text, "handler failed");
    } else if is_malformed(error) {
        // Any client can cause these lines, so they are counted.
        MALFORMED.record(None, || {
            tracing::info!(target: "centrifugo", %kind, handler, %client, error = ?clip(text), "client message refused: malformed");
        });
    } else if kind.fails_with_grace() {
        let effect = if error.is_temporary() { "grace" } else { "expired" };
        tracing::warn!(target: "centrifugo", %kind, handler, %client, error = text, effect, "Centrifugo ignores the error of this event");
    } else {
        tracing::warn!(target: "centrifugo", %kind, handler, %client, error = text, "handler refused");
    }
}

/// Logs the error with which the stream of a handler ended.
pub(super) fn log_failed_stream(handler: &'static str, client: &str, error: &Error, text: &str) {
    let client = personal_id(client);
    if is_malformed(error) {
        MALFORMED.record(None, || {
            tracing::info!(target: "centrifugo", handler, %client, error = ?clip(text), "stream ended: malformed message of the client");
        });
    } else {
        tracing::error!(target: "centrifugo", handler, %client, error = text, "stream failed");
    }
}

/// Returns whether a message of the client could not be read. Any client can cause this, so the log counts it.
fn is_malformed(error: &Error) -> bool {
    error
        .source()
        .is_some_and(|source| source.is::<MalformedMessage>())
}

/// Logs an event that could not be read.
pub(super) fn log_unreadable(kind: Option<Kind>, reason: &str) {
    UNREADABLE.record(None, || {
        tracing::error!(target: "centrifugo", ?kind, error = ?clip(reason), "event refused: unreadable");
    });
}

/// Logs an event without a handler. `target` is its channel or its method.
pub(super) fn log_unhandled(kind: Kind, target: &str) {
    event_refused(Refusal::NoHandler);
    NO_HANDLER.record(None, || {
        tracing::warn!(target: "centrifugo", %kind, target = ?clip(target), "event refused: no handler");
    });
}
