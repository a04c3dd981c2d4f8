//! What programs say of themselves.

use std::process::{Command, Stdio};

use cargo_centrifugo::description::Description;

/// Runs a program with `WORKER_DESCRIBE=json` and these variables, and reads what it prints.
pub fn describe(program: &str, env: &[(&str, &str)]) -> Description {
    let output = Command::new(program)
        .env("WORKER_DESCRIBE", "json")
        .envs(env.iter().copied())
        .stderr(Stdio::inherit())
        .output()
        .expect("the program");
    Description::parse(&String::from_utf8_lossy(&output.stdout)).expect("a description")
}
