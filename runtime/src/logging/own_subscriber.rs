//! Finds out where the log goes.

/// Returns whether text for people must be an event of the log: the program has set a tracing subscriber of its own that receives
/// the events of this thread, or standard error has JSON lines only.
pub(crate) fn prints_only_lines() -> bool {
    #[cfg(feature = "logging")]
    if let Some(format) = super::subscriber::FORMAT.get() {
        return *format == super::log_format::LogFormat::Json;
    }
    tracing::dispatcher::get_default(|dispatch| !dispatch.is::<tracing::subscriber::NoSubscriber>())
}
