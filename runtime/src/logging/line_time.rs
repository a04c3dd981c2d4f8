//! The time of a log line.

use std::time::{SystemTime, UNIX_EPOCH};

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{self, FormatTime as _};

/// Formats the current time. The text of a second is kept for all lines of that second.
#[derive(Default)]
pub(super) struct LineTime {
    /// In seconds since 1970.
    second: u64,
    /// The text of `second` without a fraction. Empty at first.
    text: String,
}

impl LineTime {
    /// Appends the current time in UTC with microseconds, such as `2026-11-27T23:36:27.123456Z`.
    pub(super) fn push_now(&mut self, line: &mut String) {
        let (second, micros) = unix_time();
        if self.text.is_empty() || self.second != second {
            self.text.clear();
            // Writing to a text does not fail.
            let _ = time::SystemTime.format_time(&mut Writer::new(&mut self.text));
            if unix_time().0 != second {
                // The text may be of the second that has begun meanwhile. The next line formats it again.
                line.push_str(&self.text);
                self.text.clear();
                return;
            }
            if let Some(end) = self.text.rfind('.') {
                self.text.truncate(end);
            }
            self.second = second;
        }
        line.push_str(&self.text);
        push_fraction(line, micros);
    }
}

fn unix_time() -> (u64, u32) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (now.as_secs(), now.subsec_micros())
}

/// Appends a fraction such as `.123456Z`.
fn push_fraction(line: &mut String, mut micros: u32) {
    let mut text = *b".000000Z";
    for digit in text[1..7].iter_mut().rev() {
        *digit = b'0' + (micros % 10) as u8;
        micros /= 10;
    }
    line.push_str(std::str::from_utf8(&text).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_the_fraction() {
        for (micros, expected) in [
            (0, ".000000Z"),
            (7, ".000007Z"),
            (120_050, ".120050Z"),
            (999_999, ".999999Z"),
        ] {
            let mut line = String::new();
            push_fraction(&mut line, micros);
            assert_eq!(line, expected);
        }
    }

    #[test]
    fn shows_the_same_time_as_the_subscriber() {
        let mut time = LineTime::default();
        let mut times = Vec::new();
        for number in 0..4 {
            if number == 3 {
                // As in the next second.
                time.second -= 1;
            }
            let mut expected = String::new();
            time::SystemTime
                .format_time(&mut Writer::new(&mut expected))
                .unwrap();
            times.push(expected);
            let mut line = String::new();
            time.push_now(&mut line);
            times.push(line);
        }
        assert!(times.is_sorted(), "{times:?}");
        for time in times {
            assert_eq!(time.len(), "2026-11-27T23:36:27.123456Z".len(), "{time}");
        }
    }
}
