//! Runs scripts and the compiler of TypeScript with Node.js.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Runs a script of the folder `js`. Returns its output.
///
/// # Panics
///
/// If the script fails or Node.js is missing.
pub fn script(name: &str, arguments: &[&str]) -> String {
    let folder = js();
    packages(&folder);
    let mut command = Command::new("node");
    command.current_dir(&folder).arg(name).args(arguments);
    run(name, &mut command)
}

/// Runs the tests in a folder with the test runner of Node.js. They find the packages in the folder `js`. Returns the report.
///
/// # Panics
///
/// If a test fails or Node.js is missing.
pub fn node_tests(folder: &Path, environment: &[(&str, &Path)]) -> String {
    packages(&js());
    let files = fs::read_dir(folder).expect("a folder with tests");
    // Node.js 20 and 22 differ in what they do with a folder.
    let tests = files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"));
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=spec"])
        .args(tests)
        .envs(environment.iter().copied());
    run("node --test", &mut command)
}

fn js() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("js")
}

fn run(name: &str, command: &mut Command) -> String {
    let output = command
        .output()
        .expect("this test needs Node.js 20 or newer (https://nodejs.org)");
    let seen = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{name}: {}\n{seen}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    seen
}

/// Runs the compiler of TypeScript in a folder, which gets a link to the packages. Returns whether it found no error, and what it
/// printed.
///
/// # Panics
///
/// If Node.js is missing.
pub fn tsc(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
    packages(&own);
    let modules = own.join("node_modules");
    if !folder.join("node_modules").exists() {
        std::os::unix::fs::symlink(&modules, folder.join("node_modules")).expect("a link");
    }
    let output = Command::new(modules.join(".bin/tsc"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("this test needs Node.js 20 or newer (https://nodejs.org)");
    let seen = String::from_utf8_lossy(&output.stdout).into_owned();
    (
        output.status.success(),
        seen + &String::from_utf8_lossy(&output.stderr),
    )
}

/// Installs the packages of `package-lock.json` if it has changed since the last installation.
fn packages(folder: &Path) {
    let lock = folder.join("package-lock.json");
    // Tests run in parallel: one installs and the others wait.
    let file = File::open(&lock).expect("the versions of packages");
    file.lock().expect("a lock");
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let installed: Option<SystemTime> = time(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= time(&lock) {
        return;
    }
    let status = Command::new("npm")
        .current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund"])
        .status()
        .expect("this test needs Node.js 20 or newer, with npm (https://nodejs.org)");
    assert!(status.success(), "`npm ci` failed");
}
