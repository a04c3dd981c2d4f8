//! Texts of peers and of other libraries, as parts of an error.

use std::error::Error;

/// Returns an error and its causes on one line of bounded length.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    clip(&text)
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
