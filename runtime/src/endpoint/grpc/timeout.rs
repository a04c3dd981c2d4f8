//! Reads the `grpc-timeout` header: how long the caller waits.

use std::time::Duration;

use http::HeaderMap;

/// The part of the caller's timeout that is reserved for the way back of the response.
const MARGIN: Duration = Duration::from_millis(20);

/// Returns the timeout of the handler, if the caller has sent one. An invalid value is ignored.
pub(super) fn handler_timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let timeout = parse(text)?;
    Some(timeout - MARGIN.min(timeout / 10))
}

/// Parses at most eight digits and a unit. See `Timeout` in
/// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(number * 3600),
        "M" => Duration::from_secs(number * 60),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_each_unit() {
        assert_eq!(parse("1S"), Some(Duration::from_secs(1)));
        assert_eq!(parse("99999999H"), Some(Duration::from_secs(99_999_999 * 3600)));
        assert_eq!(parse("999987u"), Some(Duration::from_micros(999_987)));
        for wrong in ["", "S", "1", "1s", "-1S", "+1S", "123456789S", "1 S", "1é"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn reserves_a_margin() {
        let timeout = |text: &'static str| {
            let headers = [(
                http::HeaderName::from_static("grpc-timeout"),
                http::HeaderValue::from_static(text),
            )];
            handler_timeout(&headers.into_iter().collect())
        };
        assert_eq!(timeout("1S"), Some(Duration::from_millis(980)));
        assert_eq!(timeout("10m"), Some(Duration::from_millis(9)));
        assert_eq!(timeout("never"), None);
    }
}
