//! The deadline that a caller sets.

use std::time::Duration;

use http::HeaderMap;

/// Returns how long the caller of an event waits for the answer.
pub(super) fn deadline(metadata: &HeaderMap) -> Option<Duration> {
    let text = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok()?;
    let seconds = |factor: u64| number.checked_mul(factor).map(Duration::from_secs);
    match unit {
        "H" => seconds(3600),
        "M" => seconds(60),
        "S" => seconds(1),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn reads_all_units() {
        let of = |text: &'static str| {
            let header = ("grpc-timeout".parse().unwrap(), HeaderValue::from_static(text));
            deadline(&HeaderMap::from_iter([header]))
        };
        assert_eq!(of("2H"), Some(Duration::from_secs(7200)));
        assert_eq!(of("1M"), Some(Duration::from_secs(60)));
        assert_eq!(of("5S"), Some(Duration::from_secs(5)));
        assert_eq!(of("900m"), Some(Duration::from_millis(900)));
        assert_eq!(of("7u"), Some(Duration::from_micros(7)));
        assert_eq!(of("8n"), Some(Duration::from_nanos(8)));
        for text in ["", "m", "1", "1x", "-1S", "18446744073709551615H"] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(deadline(&HeaderMap::new()), None);
    }
}
