//! The metrics of the program as a whole.

use super::facade::{Counter, Gauge, Timer};

/// Measures how long a state takes to build.
pub(crate) struct StateBuild {
    state: &'static str,
    timer: Timer,
}

impl StateBuild {
    pub(crate) fn begin(state: &'static str) -> Self {
        Self {
            state,
            timer: Timer::start(),
        }
    }

    pub(crate) fn end(self) {
        Gauge::new(
            "centrifugo_backend_states_build_seconds",
            &[("state", self.state)],
        )
        .set(self.timer.seconds());
    }
}

/// Counts a line of the log that was dropped because standard error was not read in time.
pub(crate) fn log_line_dropped() {
    Counter::new("centrifugo_backend_log_lines_dropped_total", &[]).increment();
}

/// Describes all metrics to the recorder, and sets those that never change.
pub(crate) fn describe_program() {
    #[cfg(feature = "metrics")]
    super::descriptions::describe();
    let labels = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("features", env!("CENTRIFUGO_FEATURES")),
    ];
    Gauge::new("centrifugo_backend_build_info", &labels).set(1.0);
}
