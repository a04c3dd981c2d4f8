//! The configuration of the chat fits its handlers.

#![cfg(feature = "cli")]

mod support;

use std::path::Path;

use support::{Folder, Printed, program, run_in, workspace};

/// Compares a configuration with the handlers.
fn check(chat: &Path, config: &Path) -> Printed {
    let (chat, config) = (chat.to_string_lossy(), config.to_string_lossy());
    let arguments = ["config", "--executable", &chat, "--merge", &config, "--check"];
    run_in(&workspace(), &arguments)
}

#[test]
fn the_configuration_of_the_chat_fits_its_handlers() {
    let chat = program("chat");
    let config = workspace().join("examples/chat/config.json");
    let run = check(&chat, &config);
    assert_eq!(
        run.code,
        Some(0),
        "run `cargo centrifugo config --package chat --merge {}`:\n{}{}",
        config.display(),
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
    let run = check(&chat, &folder.path("config.json"));
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    assert!(
        run.stdout
            .contains("channel.namespaces[0].publish_proxy_enabled: added true"),
        "{}",
        run.stdout
    );
}
