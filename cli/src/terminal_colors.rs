//! The colors of what is printed on a terminal.

pub(crate) const BOLD: &str = "1";
pub(crate) const DIM: &str = "2";
pub(crate) const RED: &str = "31";
pub(crate) const GREEN: &str = "32";
pub(crate) const YELLOW: &str = "33";

/// Returns whether the user allows colors. The output must be a terminal, too.
pub(crate) fn allows_colors() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Returns the color of a level of the log.
pub(crate) fn color_of_level(level: &str) -> &'static str {
    match level {
        "error" => RED,
        "warn" => YELLOW,
        _ => DIM,
    }
}
