//! The text of an error with its sources.

use std::error::Error as StdError;

/// An error with all that is behind it. What ends with the text of its source has said that already.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let behind = error.to_string();
        if !text.ends_with(&behind) {
            text.push_str(": ");
            text.push_str(&behind);
        }
        source = error.source();
    }
    text
}
