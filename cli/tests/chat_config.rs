//! The configuration of the chat fits its handlers.

#![cfg(feature = "cli")]

mod support;

use support::{Folder, run_in, workspace};

const MERGE: [&str; 4] = ["config", "--package", "chat", "--merge"];

#[test]
fn the_configuration_of_the_chat_fits_its_handlers() {
    let root = workspace();
    let config = root.join("examples/chat/config.json");
    let path = config.to_string_lossy();
    let run = run_in(&root, &[&MERGE[..], &[&path, "--check"]].concat());
    assert_eq!(
        run.code,
        Some(0),
        "run `cargo centrifugo config --package chat --merge {path}`:\n{}{}",
        run.stdout,
        run.stderr
    );

    // The check finds what is missing.
    let folder = Folder::new();
    let text = std::fs::read_to_string(&config).expect("the configuration");
    let lines = text
        .lines()
        .filter(|line| !line.contains("\"publish_proxy_enabled\""));
    folder.write("config.json", &lines.collect::<Vec<_>>().join("\n"));
    let path = folder.path("config.json");
    let run = run_in(
        &root,
        &[&MERGE[..], &[&path.to_string_lossy(), "--check"]].concat(),
    );
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    assert!(
        run.stdout
            .contains("channel.namespaces[0].publish_proxy_enabled: added true"),
        "{}",
        run.stdout
    );
}
