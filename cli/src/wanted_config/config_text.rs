//! The text of a new configuration.

use std::fmt::Write as _;

use super::MergedConfig;
use crate::config_file::{Format, write};

/// Returns the text of a new file. In formats that have comments, the notes are comments.
pub fn config_text(config: &MergedConfig, format: Format) -> String {
    let mut text = String::new();
    if format != Format::Json {
        text.push_str(
            "# Made by `cargo centrifugo config`. With `--merge FILE` it adds what new handlers need.\n",
        );
        for note in &config.notes {
            let _ = writeln!(text, "# Note: {note}.");
        }
        text.push('\n');
    }
    text + &write(&config.value, format)
}
