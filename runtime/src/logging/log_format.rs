//! The formats of the built-in subscriber.

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
