//! `cargo centrifugo new`: projects with each option are built and tested.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use support::{cargo, cargo_centrifugo, run, target, workspace};

/// A new project with the crate of this workspace.
struct Project {
    folder: tempfile::TempDir,
    name: &'static str,
}

impl Project {
    fn new(name: &'static str, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = cargo_centrifugo();
        command.arg("new").arg(folder.path().join(name)).args(options);
        let printed = run(command.arg("--path").arg(workspace()));
        assert_eq!(printed.code, Some(0), "{printed:?}");
        assert!(printed.stdout.contains("cargo centrifugo dev"), "{printed:?}");
        let project = Self { folder, name };
        // The same versions as in the workspace, so that what is built can be used.
        fs::copy(workspace().join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(self.name).join(name)
    }

    /// Runs cargo, one at a time.
    fn cargo(&self, arguments: &[&str]) -> String {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = cargo();
        command
            .current_dir(self.path(""))
            // The profile of the workspace, so that what is built can be used.
            .args(["--config", "profile.dev.package.'*'.debug=false"])
            .args(arguments)
            .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TARGET_DIR", target());
        let printed = run(&mut command);
        assert_eq!(printed.code, Some(0), "{arguments:?}: {printed:?}");
        printed.stdout
    }

    /// Builds the project, runs its tests, and checks its format, its configuration and its files.
    fn check(&self) {
        let tests = self.cargo(&["test"]);
        assert!(
            tests.contains("test result: ok.") && !tests.contains(" 0 passed"),
            "{tests}"
        );
        self.cargo(&["build"]);
        self.cargo(&["fmt", "--check"]);
        for file in files(&self.path("")) {
            let text = fs::read_to_string(&file).unwrap();
            let text = text
                .replace("${{ runner.os }}", "")
                .replace("${{ hashFiles('Cargo.lock') }}", "");
            assert!(!text.contains("{{"), "{}: {text}", file.display());
        }
    }

    /// Runs the commands of the CI file, but for those that install something.
    fn run_ci(&self) {
        let file = fs::read_to_string(self.path(".github/workflows/ci.yml")).unwrap();
        let commands = file
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- run: "));
        let commands: Vec<Vec<_>> = commands
            .filter(|command| !command.contains(" install "))
            .map(|command| command.split(' ').collect())
            .collect();
        assert_eq!(commands.len(), 4, "{file}");
        for command in commands {
            match &command[..] {
                ["cargo", "centrifugo", arguments @ ..] => check_file(self, arguments),
                ["cargo", arguments @ ..] => {
                    self.cargo(arguments);
                }
                _ => panic!("{command:?}"),
            }
        }
    }

    fn program(&self) -> PathBuf {
        target().join("debug").join(self.name)
    }

    /// What the program prints with `WORKER_DESCRIBE`.
    fn description(&self, how: &str) -> String {
        let printed = run(Command::new(self.program()).env("WORKER_DESCRIBE", how));
        assert_eq!(printed.code, Some(0), "{printed:?}");
        printed.stdout
    }

    fn configuration(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path("centrifugo.json")).unwrap()).unwrap()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// Checks a file with `cargo centrifugo`.
fn check_file(project: &Project, arguments: &[&str]) {
    let mut command = cargo_centrifugo();
    command
        .current_dir(project.path(""))
        .args(arguments)
        .arg("--executable")
        .arg(project.program());
    let printed = run(&mut command);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    // Neither errors nor warnings nor notes.
    assert!(
        printed.stdout.is_empty() || !printed.stdout.contains("-->"),
        "{printed:?}"
    );
}

/// Checks that a configuration has all of another.
fn assert_contains(whole: &Value, part: &Value, path: &str) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (key, value) in part {
                let path = format!("{path}.{key}");
                assert_contains(whole.get(key).unwrap_or(&Value::Null), value, &path);
            }
        }
        (Value::Array(whole), Value::Array(part)) if whole.len() == part.len() => {
            for (whole, part) in whole.iter().zip(part) {
                assert_contains(whole, part, path);
            }
        }
        _ => assert_eq!(whole, part, "{path}"),
    }
}

/// Checks that the program starts with the environment of the Dockerfile, once it has the secret that the file names.
fn check_image(project: &Project) {
    let docker = fs::read_to_string(project.path("Dockerfile")).unwrap();
    assert!(
        docker.contains("COPY --from=build /app/target/release/new-full /usr/local/bin/backend\n"),
        "{docker}"
    );
    let environment = docker.lines().find_map(|line| line.strip_prefix("ENV ")).unwrap();
    let (name, address) = environment.split_once('=').unwrap();
    let (host, port) = address.rsplit_once(':').unwrap();
    assert!(docker.contains(&format!("EXPOSE {port}\n")), "{docker}");
    let mut command = Command::new(project.program());
    command.env(name, format!("{host}:0"));
    let printed = run(&mut command);
    assert!(
        printed.code == Some(1) && printed.stderr.contains("WORKER_SECRET_KEY"),
        "{printed:?}"
    );
    for secret in ["WORKER_SECRET_KEY", "WORKER_SECRET_VALUE"] {
        assert!(docker.contains(secret), "{docker}");
        command.env(secret, "x");
    }
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let listens = lines.any(|line| line.unwrap().contains("gRPC on 0.0.0.0:"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(listens);
}

#[test]
fn a_project_works() {
    let project = Project::new("new-full", &[]);
    project.check();
    project.run_ci();
    let printed: Value = serde_json::from_str(&project.description("config")).unwrap();
    assert_contains(&project.configuration(), &printed, "");
    let description: Value = serde_json::from_str(&project.description("json")).unwrap();
    assert!(description["schemas"]["Line"].is_object(), "{description}");
    for name in [
        "Dockerfile",
        ".dockerignore",
        ".github/workflows/ci.yml",
        "page/index.html",
    ] {
        assert!(project.path(name).exists(), "{name}");
    }
    assert!(!project.path(".rr.yaml").exists());
    check_image(&project);
    let printed = run(cargo_centrifugo()
        .args([
            "invoke",
            "rpc",
            "greet",
            "--user",
            "ann",
            "--data",
            r#"{"whom":"bob"}"#,
            "--executable",
        ])
        .arg(project.program()));
    assert!(printed.stdout.contains("ann greets bob"), "{printed:?}");
}

#[test]
fn a_project_for_roadrunner_works() {
    let project = Project::new("new-roadrunner", &["--roadrunner"]);
    project.check();
    project.run_ci();
    let printed = project.description("roadrunner");
    let (_, printed) = printed.split_once("\n---\n").unwrap();
    let start = printed.find('{').unwrap();
    assert_contains(
        &project.configuration(),
        &serde_json::from_str(&printed[start..]).unwrap(),
        "",
    );
    check_file(
        &project,
        &["config", "--roadrunner", "--merge", ".rr.yaml", "--check"],
    );
    let rr = fs::read_to_string(project.path(".rr.yaml")).unwrap();
    assert!(
        rr.contains("command: \"./target/release/new-roadrunner\""),
        "{rr}"
    );
    // The image has what RoadRunner reads and starts, at the same paths.
    let docker = fs::read_to_string(project.path("Dockerfile")).unwrap();
    for line in [
        "WORKDIR /app",
        "COPY --from=build /app/target/release/new-roadrunner target/release/new-roadrunner",
        "COPY .rr.yaml .",
        "CMD [\"rr\", \"serve\"]",
    ] {
        assert!(docker.lines().any(|of_file| of_file == line), "{line}: {docker}");
    }
}

#[test]
fn a_bare_project_works() {
    let project = Project::new("new-bare", &["--bare"]);
    project.check();
    let printed: Value = serde_json::from_str(&project.description("config")).unwrap();
    assert_contains(&project.configuration(), &printed, "");
    check_file(&project, &["check", "centrifugo.json"]);
    let mut names: Vec<_> = fs::read_dir(project.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            ".gitignore",
            "Cargo.lock",
            "Cargo.toml",
            "README.md",
            "centrifugo.json",
            "src"
        ]
    );
}

#[test]
fn a_bare_project_for_roadrunner_works() {
    let project = Project::new("new_bare_roadrunner", &["--bare", "--roadrunner"]);
    project.check();
    assert!(project.path(".rr.yaml").exists() && !project.path("Dockerfile").exists());
}

#[test]
fn uses_the_released_crate_by_default() {
    let folder = tempfile::tempdir().unwrap();
    let printed = run(cargo_centrifugo().arg("new").arg(folder.path().join("app")));
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let manifest = fs::read_to_string(folder.path().join("app/Cargo.toml")).unwrap();
    assert!(
        manifest.contains("centrifugo = { version = \"0.1\", features = [\"schema\"] }"),
        "{manifest}"
    );
}

#[test]
fn says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let new = |name: &str, options: &[&str]| {
        run(cargo_centrifugo()
            .current_dir(folder.path())
            .args(["new", name])
            .args(options))
    };
    fs::create_dir(folder.path().join("there")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for (name, options, part) in [
        ("there", &[][..], "`there` exists"),
        ("file", &[], "`file` exists"),
        ("a/../there", &[], "`a/../there` exists"),
        ("1a", &[], "begins with a letter"),
        ("a b", &[], "letters, digits"),
        ("crate", &[], "keyword"),
        ("test", &[], "cargo or Rust use this name"),
        ("serde", &[], "uses a crate of this name"),
        ("..", &[], "no name for a package"),
        ("", &[], "value"),
        ("app", &["--path", "/nowhere"], "does not have the crate"),
        ("file/app", &[], "`file` cannot be written"),
    ] {
        let printed = new(name, options);
        assert_eq!(printed.code, Some(2), "{name}: {printed:?}");
        assert!(printed.stderr.contains(part), "{name}: {printed:?}");
    }
    assert!(!folder.path().join("app").exists());
    let printed = new("deep/er/app", &[]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\nmembers = []\n").unwrap();
    let printed = new("member", &[]);
    assert!(printed.stdout.contains("Add it to `members`"), "{printed:?}");
}
