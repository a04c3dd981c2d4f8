//! Fields of spans whose names follow OpenTelemetry's semantic conventions.

use std::sync::atomic::{AtomicBool, Ordering};

/// The targets of the spans of events and of API calls.
#[cfg(feature = "logging")]
pub(super) const SPANS: [&str; 2] = ["centrifugo::event", "centrifugo::api"];

/// Whether spans have these fields.
static ARE_RECORDED: AtomicBool = AtomicBool::new(true);

/// Returns whether the spans of events and API calls have fields with the names of OpenTelemetry, beside their short ones.
///
/// They do for a subscriber of the program and for traces. The built-in log does not show them.
pub(crate) fn records_conventions() -> bool {
    ARE_RECORDED.load(Ordering::Relaxed)
}

/// Leaves these fields out from now on.
#[cfg(feature = "logging")]
pub(super) fn omit_conventions() {
    ARE_RECORDED.store(false, Ordering::Relaxed);
}

/// Returns whether a field of a span has the name that OpenTelemetry gives it.
#[cfg(feature = "logging")]
pub(super) fn is_convention(field: &tracing::field::Field) -> bool {
    records_conventions()
        && field.name().contains('.')
        && SPANS.contains(&field.callsite().0.metadata().target())
}
