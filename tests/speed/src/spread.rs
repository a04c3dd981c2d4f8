//! Medians and formats_a_spread.

use std::fmt;

/// The median of some numbers with the 10th and the 90th percentile. Formats three decimals unless a precision such as
/// `{:.1}` is given.
pub struct Spread {
    /// The median.
    pub median: f64,
    low: f64,
    high: f64,
}

impl Spread {
    /// Calculates the spread of the numbers.
    pub fn of(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        Self {
            median: percentile(&numbers, 50),
            low: percentile(&numbers, 10),
            high: percentile(&numbers, 90),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(3);
        let Self { median, low, high } = self;
        write!(f, "{median:.digits$} ({low:.digits$} to {high:.digits$})")
    }
}

/// Returns a percentile of sorted numbers, or the default value if there are none.
pub fn percentile<T: Copy + Default>(sorted: &[T], percent: usize) -> T {
    let at = sorted.len() * percent / 100;
    sorted
        .get(at.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selects_percentiles() {
        let numbers: Vec<u32> = (0..100).collect();
        assert_eq!(percentile(&numbers, 50), 50);
        assert_eq!(percentile(&numbers, 99), 99);
        assert_eq!(percentile(&numbers, 100), 99);
        assert_eq!(percentile::<u32>(&[], 50), 0);
    }

    #[test]
    fn formats_a_spread() {
        let spread = Spread::of((0..10).map(f64::from).collect());
        assert_eq!(spread.to_string(), "5.000 (1.000 to 9.000)");
        assert_eq!(format!("{spread:.0}"), "5 (1 to 9)");
    }
}
