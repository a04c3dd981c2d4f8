//! The check finds no error in the configurations that `cargo centrifugo config` makes for programs of this workspace, nor in those
//! of the examples.

#![cfg(feature = "cli")]

mod support;

use std::path::Path;

use support::{Folder, program, run_in, workspace};

const PROGRAMS: [&str; 2] = ["chat", "quickstart"];

#[test]
fn accepts_the_configurations_that_the_tool_makes() {
    for bin in PROGRAMS {
        let folder = Folder::new();
        let program = program(bin);
        let program = program.to_string_lossy();
        let run = folder.run_in(&["config", "--executable", &program, "--out", "config.yaml"]);
        assert_eq!(run.code, Some(0), "{bin}: {}{}", run.stdout, run.stderr);
        // Shared polls need a secret that people choose.
        folder.write("secret.env", "CENTRIFUGO_SHARED_POLL_HMAC_SECRET_KEY=secret\n");
        let arguments = [
            "check",
            "config.yaml",
            "--executable",
            &program,
            "--env-file",
            "secret.env",
        ];
        let run = folder.run_in(&arguments);
        assert_eq!(run.code, Some(0), "{bin}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn accepts_the_configurations_of_the_examples() {
    for (bin, config) in [
        ("chat", "examples/chat/config.json"),
        ("quickstart", "examples/quickstart/config.json"),
        ("quickstart", "examples/quickstart/config.direct.json"),
    ] {
        let path = workspace().join(config);
        assert!(Path::new(&path).is_file(), "{config}");
        let program = program(bin);
        let arguments = [
            "check",
            &path.to_string_lossy(),
            "--executable",
            &program.to_string_lossy(),
        ];
        let run = run_in(&workspace(), &arguments);
        assert_eq!(run.code, Some(0), "{config}: {}{}", run.stdout, run.stderr);
    }
}
