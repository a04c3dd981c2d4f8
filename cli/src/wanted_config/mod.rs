//! The configurations that a program needs: complete ones to start with, and the changes of existing ones.

mod centrifugo;
mod centrifugo_notes;
mod config_text;
mod endpoint_match;
mod lookup;
mod merged_config;
mod namespace_options;
mod proxies;
mod requirement;
mod roadrunner;
mod secret_variables;
mod target;
#[cfg(test)]
mod tests;

pub use config_text::config_text;
pub use merged_config::{MergedConfig, Reason, merge, starting_values};
pub use target::Target;
