//! The console with `cargo centrifugo dev`, the real Centrifugo and Chromium: nothing is replaced by a mock.

use std::path::Path;

use peers::{DevSession, chromium, script, workspace_program};
use serde_json::Value;

/// Runs a script with the page of a session. Returns what it printed.
fn run_script(name: &str, session: &DevSession, further: &[&str]) -> String {
    let (console, chromium) = (session.console(), chromium().display().to_string());
    let folder = session.folder().display().to_string();
    let mut arguments = vec![console.as_str(), &chromium, &folder];
    arguments.extend(further);
    script(name, &arguments)
}

/// From an empty folder to an edited answer in the browser. `CONSOLE_SCREENSHOTS=1` renews the screenshots.
#[test]
fn a_new_project_is_used_and_changed() {
    let session = DevSession::new_project("hello");
    let screenshots = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cli/console/screenshots");
    let screenshots = screenshots.display().to_string();
    let further: &[&str] = match std::env::var_os("CONSOLE_SCREENSHOTS") {
        Some(_) => &[&screenshots],
        None => &[],
    };
    println!("{}", run_script("console.mjs", &session, further));

    // The script has saved the events of before it changed the rule of `greet`.
    let (code, report) = session.command(&["replay", "events.jsonl", "--check", "--format", "json"]);
    assert_eq!(code, Some(1), "{report}");
    let lines: Vec<Value> = report
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let targets: Vec<_> = lines
        .iter()
        .filter(|line| line["kind"].is_string())
        .map(|line| (line["kind"].as_str(), line["target"].as_str()))
        .collect();
    // One was sent from the form, the other by the client. The third has data of a wrong type, and its answer is the same.
    assert_eq!(targets, [(Some("rpc"), Some("greet")); 2], "{report}");
    let summary = &lines.last().expect("a summary")["summary"];
    assert!(summary["events"].as_u64() > Some(8), "{report}");
}

/// The example `tour`, and streams, maps and shared polls, which it does not have.
#[test]
fn every_kind_of_event_is_sent_from_the_form() {
    let programs = [workspace_program("tour"), env!("CARGO_BIN_EXE_direct").into()];
    for (part, program) in ["tour", "direct"].into_iter().zip(programs) {
        let session = DevSession::of_executable(&program);
        println!("{}", run_script("console_kinds.mjs", &session, &[part]));
    }
}
