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
        .map(|key| (if shortened(key) { 0 } else { distance(typed, key) }, *key))
        .filter(|(distance, key)| *distance <= key.len() / 3)
        .min()
        .map(|(_, key)| key)
}

/// Returns the Levenshtein distance: the number of inserted, removed and replaced characters.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, typed) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, wanted) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(typed != *wanted);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
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
