//! The text of an error with all its sources.

use std::error::Error as StdError;

/// Returns the text of an error and of all its sources.
///
/// A source is left out if the text before it ends with the same words.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.ends_with(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
        source = error.source();
    }
    text
}
