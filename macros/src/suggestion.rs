//! The help for a misspelled key.

/// Returns the help: the most similar key, if there is one, and the list of allowed keys.
pub(crate) fn help(owner: &str, typed: &str, allowed: &[&str]) -> String {
    let list = allowed
        .iter()
        .map(|key| format!("`{key}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let list = format!("\nhelp: {owner} takes {list}");
    match nearest(typed, allowed) {
        Some(key) => format!("\nhelp: did you mean `{key}`?{list}"),
        None => list,
    }
}

/// Returns the most similar allowed key, or `None` if none is similar enough.
pub(crate) fn nearest<'a>(typed: &str, allowed: &[&'a str]) -> Option<&'a str> {
    let shortened = |key: &str| typed.len() >= 3 && key.starts_with(typed);
    allowed
        .iter()
        .map(|key| {
            (
                if shortened(key) {
                    0
                } else {
                    strsim::levenshtein(typed, key)
                },
                *key,
            )
        })
        .filter(|(distance, key)| *distance <= key.len() / 3)
        .min()
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest_key() {
        let allowed = ["channel", "timeout", "blocking", "crate"];
        assert_eq!(nearest("timout", &allowed), Some("timeout"));
        assert_eq!(nearest("chanell", &allowed), Some("channel"));
        assert_eq!(nearest("block", &allowed), Some("blocking"));
        assert_eq!(nearest("method", &allowed), None);
        assert_eq!(nearest("x", &allowed), None);
    }
}
