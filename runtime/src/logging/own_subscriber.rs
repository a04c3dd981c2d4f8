//! Finds out whether the log goes to a subscriber of the program.

/// Returns whether the program has set a tracing subscriber of its own that receives the events of this thread.
pub(crate) fn has_own_subscriber() -> bool {
    #[cfg(feature = "logging")]
    if super::subscriber::IS_SET.load(std::sync::atomic::Ordering::Relaxed) {
        return false;
    }
    tracing::dispatcher::get_default(|dispatch| !dispatch.is::<tracing::subscriber::NoSubscriber>())
}
