//! Changes the text of a file so that it has other values, and keeps everything else.

mod change;
mod edited;
mod json;
mod splice;
mod toml;
mod yaml;

pub use change::{Change, changes};
