//! Centrifugo's own check of a configuration.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::folder::Folder;
use crate::programs;

/// Runs `centrifugo checkconfig`, which also refuses unknown keys.
///
/// # Errors
///
/// Returns the output of Centrifugo if it refuses the configuration.
pub fn check_config(config: &Value) -> Result<(), String> {
    check_config_with_env(config, &[])
}

/// Runs `centrifugo checkconfig` with these variables in its environment.
///
/// # Errors
///
/// Returns the output of Centrifugo if it refuses the configuration.
pub fn check_config_with_env(config: &Value, env: &[(String, String)]) -> Result<(), String> {
    let folder = Folder::new();
    fs::write(folder.path().join("config.json"), config.to_string()).expect("a configuration");
    let output = Command::new(programs::centrifugo())
        .current_dir(folder.path())
        .envs(env.iter().cloned())
        .args(["checkconfig", "--strict", "-c", "config.json"])
        .output()
        .expect("Centrifugo");
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }
}
