//! The formats of the built-in subscriber.

use crate::settings::Environment;

/// The longest line of the log with its newline, in bytes. RoadRunner reads as much at once, and a pipe holds as much. Longer lines are
/// cut, because the text of an error may have any length.
#[cfg(feature = "logging")]
pub(super) const MAX_LINE_LEN: usize = 64 * 1024;

/// How the built-in subscriber formats lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LogFormat {
    #[default]
    Text,
    /// Text with the message before the fields of spans.
    Compact,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// Reads `WORKER_LOG`.
    pub(crate) fn from_env(environment: &mut Environment<'_>) -> Self {
        let words = [
            ("text", Self::Text),
            ("json", Self::Json),
            ("compact", Self::Compact),
        ];
        environment.word("WORKER_LOG", &words).unwrap_or_default()
    }
}
