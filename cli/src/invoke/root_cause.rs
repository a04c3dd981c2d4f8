//! The cause of an error that others wrap.

use std::error::Error;

/// Returns the text of the first cause.
pub(super) fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
