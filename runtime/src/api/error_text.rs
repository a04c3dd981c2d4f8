//! Texts of peers and of other libraries, as parts of an error.

use std::error::Error;

/// Returns an error and its causes on one line of bounded length.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    clip(&crate::error::chain(error))
}

/// Returns the text of a peer on one line of bounded length.
pub(crate) fn clip(text: &str) -> String {
    let mut clipped: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(500)
        .collect();
    if clipped.len() < text.len() {
        clipped.push_str(" …");
    }
    clipped
}
