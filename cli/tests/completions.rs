//! `cargo centrifugo completions` in a real shell.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::process::Command;

use support::{cargo_centrifugo, run};

/// Lets bash complete the last word.
fn complete(words: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("completions.bash");
    let printed = run(cargo_centrifugo().args(["completions", "bash"]));
    assert_eq!(printed.code, Some(0), "{printed:?}");
    std::fs::write(&script, printed.stdout).unwrap();
    let (last, previous) = (words[words.len() - 1], words[words.len() - 2]);
    let text = format!(
        "source {}; COMP_WORDS=({}); COMP_CWORD={}; $(complete -p cargo-centrifugo | grep -o '_cargo[^ ]*') cargo-centrifugo '{last}' '{previous}'; echo ${{COMPREPLY[@]}}",
        script.display(),
        words.join(" "),
        words.len() - 1
    );
    let printed = run(Command::new("bash").args(["--norc", "-c", &text]));
    assert_eq!(printed.stderr, "", "{printed:?}");
    printed.stdout.trim().to_owned()
}

#[test]
fn bash_completes_commands_options_and_values() {
    assert_eq!(complete(&["cargo-centrifugo", "inv"]), "invoke");
    assert_eq!(
        complete(&["cargo-centrifugo", "replay", "--conn"]),
        "--connections"
    );
    assert_eq!(
        complete(&["cargo-centrifugo", "invoke", "--protocol", "pro"]),
        "protobuf"
    );
}

#[test]
fn prints_completions_for_other_shells() {
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        let printed = run(cargo_centrifugo().args(["completions", shell]));
        assert!(
            printed.code == Some(0) && printed.stdout.contains("invoke"),
            "{printed:?}"
        );
    }
    assert_eq!(run(cargo_centrifugo().args(["completions", "x"])).code, Some(2));
}
