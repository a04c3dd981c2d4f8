//! Prints to standard error without blocking the caller, and flushes the log before the process exits.

use std::fs::OpenOptions;
use std::time::Duration;

use super::line_queue::STANDARD_ERROR;
use super::refusal_log::log_summaries;

/// How long the process waits for the reader of standard error before it exits.
pub(crate) const FLUSH_LIMIT: Duration = Duration::from_millis(200);

/// Queues a block of lines for standard error, after the lines that were logged before it.
pub(crate) fn print(text: &str) {
    STANDARD_ERROR.push(text.as_bytes());
}

/// Prints a block of lines before the process exits, and waits until it is written.
///
/// This does not use the tracing subscriber, because a blocked thread may hold one of its locks.
pub(crate) fn print_and_flush(text: &str) {
    print(text);
    STANDARD_ERROR.flush(FLUSH_LIMIT);
}

/// Logs the summaries of refusals, and then waits until all lines are written.
///
/// Returns `false` if this takes longer than the timeout.
pub(crate) fn flush(timeout: Duration) -> bool {
    log_summaries();
    STANDARD_ERROR.flush(timeout)
}

/// Flushes the log at the end of `Server::run` and `Server::serve`.
///
/// If `main` returns an error, Rust prints it to standard error. This would block forever if the reader of standard
/// error has stopped. Standard error is then replaced by `/dev/null`, and only the exit code shows the error.
pub(crate) fn flush_at_end<T, E>(result: Result<T, E>) -> Result<T, E> {
    if !flush(FLUSH_LIMIT)
        && result.is_err()
        && let Ok(null) = OpenOptions::new().write(true).open("/dev/null")
    {
        let _ = rustix::stdio::dup2_stderr(null);
    }
    result
}
