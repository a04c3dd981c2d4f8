//! A duration as an argument, such as `900ms`, `30s` or `5m`.

use std::time::Duration;

/// Reads a duration. It is more than nothing, and less than a year.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text[..text.len() - unit.len()].parse::<u64>().ok();
    let milliseconds = match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    number
        .zip(milliseconds)
        .and_then(|(number, unit)| number.checked_mul(unit))
        .filter(|milliseconds| (1..31_536_000_000).contains(milliseconds))
        .map(Duration::from_millis)
        .ok_or_else(|| "write a number and a unit, such as `900ms`, `30s`, `5m` or `1h`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_with_units() {
        for (text, milliseconds) in [
            ("900ms", 900),
            ("30s", 30_000),
            ("5m", 300_000),
            ("1h", 3_600_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in [
            "",
            "s",
            "5",
            "-1s",
            "1.5s",
            "0s",
            "99999999999999999999s",
            "9999999h",
            "1 s",
            "٣s",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
