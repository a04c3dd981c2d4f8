//! Durations in attributes.

use std::time::Duration;

/// Parses a duration such as `900ms`, `30s` or `2m`. Zero is refused.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let milliseconds: u64 = match &text[digits.len()..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let total = digits.parse::<u64>().ok()?.checked_mul(milliseconds)?;
    (total > 0).then(|| Duration::from_millis(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_three_units() {
        assert_eq!(parse("900ms"), Some(Duration::from_millis(900)));
        assert_eq!(parse("30s"), Some(Duration::from_secs(30)));
        assert_eq!(parse("2m"), Some(Duration::from_secs(120)));
    }

    #[test]
    fn refuses_other_texts() {
        for text in [
            "",
            "s",
            "30",
            "0s",
            "0ms",
            "-1s",
            "+1s",
            "1.5s",
            "30 s",
            " 30s",
            "1h",
            "1S",
            "3٣s",
            "99999999999999999m",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
