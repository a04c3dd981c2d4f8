//! Durations as Go's `time.ParseDuration` reads them.

/// Reads a duration. Returns nanoseconds, or `None` if the text is no duration.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (is_negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanos = 0.0_f64;
    while !rest.is_empty() {
        let number_len = rest
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .filter(|len| *len > 0)?;
        let number: f64 = rest[..number_len].parse().ok()?;
        rest = &rest[number_len..];
        let unit_len = rest
            .find(|character: char| character.is_ascii_digit() || character == '.')
            .unwrap_or(rest.len());
        let unit = match &rest[..unit_len] {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        nanos += number * unit;
        rest = &rest[unit_len..];
    }
    if nanos > 9.2e18 {
        return None;
    }
    let nanos = nanos.round() as i64;
    Some(if is_negative { -nanos } else { nanos })
}

/// Writes a duration with the largest unit that fits.
pub(super) fn format(nanos: i64) -> String {
    for (unit, size) in [
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
        ("µs", 1_000),
    ] {
        if nanos != 0 && nanos % size == 0 {
            return format!("{}{unit}", nanos / size);
        }
    }
    if nanos == 0 {
        "0s".to_owned()
    } else {
        format!("{nanos}ns")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations() {
        for (text, nanos) in [
            ("1s", 1_000_000_000),
            ("1m30s", 90_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("100ms", 100_000_000),
            ("-2s", -2_000_000_000),
            ("0", 0),
            (".5s", 500_000_000),
        ] {
            assert_eq!(parse(text), Some(nanos), "{text}");
        }
        for text in ["", "5", "1 s", "s", "1d", "1s2", "-", "1.2.3s", "99999999999h"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_durations() {
        for text in ["1h", "90s", "1500ms", "0s", "5ns"] {
            assert_eq!(format(parse(text).unwrap_or(5)), text);
        }
    }
}
