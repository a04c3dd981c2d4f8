//! Lists of strings as arguments.

/// Collects the items as strings.
pub(crate) fn texts<I: IntoIterator<Item: Into<String>>>(items: I) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}
