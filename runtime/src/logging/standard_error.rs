//! Standard error and the log: nothing that the runtime writes there can block its caller.

use std::fs::OpenOptions;
use std::time::Duration;

use super::line_queue::STANDARD_ERROR;
use super::refusal_log::log_counted;

/// How long the end of the process waits for a reader of standard error.
pub(crate) const FLUSH_LIMIT: Duration = Duration::from_millis(200);

/// Writes a block of lines to standard error, after the lines that were logged before it. Never blocks.
pub(crate) fn print(text: &str) {
    STANDARD_ERROR.push(text.as_bytes());
}

/// Writes a block of lines before the process exits, without the subscriber: the thread that holds the process up may hold
/// a lock of the subscriber too.
pub(crate) fn print_last(text: &str) {
    print(text);
    STANDARD_ERROR.flush(FLUSH_LIMIT);
}

/// Logs the refusals that were counted and not logged yet, then waits until all lines are written, or until the limit.
///
/// Returns whether all lines were written.
pub(crate) fn flush(limit: Duration) -> bool {
    log_counted();
    STANDARD_ERROR.flush(limit)
}

/// Flushes the log at the end of `Server::run` and `Server::serve`.
///
/// A `main` that returns an error prints it to standard error. If the reader of standard error has stopped, this would
/// block the process for ever, so standard error is then replaced by `/dev/null`: the exit code still tells of the error.
pub(crate) fn flush_at_end<T, E>(result: Result<T, E>) -> Result<T, E> {
    if !flush(FLUSH_LIMIT)
        && result.is_err()
        && let Ok(null) = OpenOptions::new().write(true).open("/dev/null")
    {
        let _ = rustix::stdio::dup2_stderr(null);
    }
    result
}
