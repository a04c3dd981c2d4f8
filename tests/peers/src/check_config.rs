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
    check_config_file("json", &config.to_string(), &[])
}

/// Runs `centrifugo checkconfig` on a file with this extension and content, with these variables in the environment.
///
/// # Errors
///
/// Returns the output of Centrifugo if it refuses the configuration.
pub fn check_config_file(extension: &str, text: &str, env: &[(&str, &str)]) -> Result<(), String> {
    let folder = Folder::new();
    let file = format!("config.{extension}");
    fs::write(folder.path().join(&file), text).expect("a configuration");
    let output = Command::new(programs::centrifugo())
        .current_dir(folder.path())
        .args(["checkconfig", "--strict", "-c", &file])
        .envs(env.iter().copied())
        .output()
        .expect("Centrifugo");
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }
}
