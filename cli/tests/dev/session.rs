//! A running `dev`.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::project::{Project, target};

/// Long enough for a build of all dependencies.
const LIMIT: Duration = Duration::from_secs(300);

/// A running `dev`. It is killed on drop.
pub(crate) struct Session {
    child: Child,
    log: PathBuf,
}

impl Session {
    /// Starts `dev` for a project, without Centrifugo.
    pub(crate) fn start(project: &Project, arguments: &[&str]) -> Self {
        Self::start_named(project, "dev", arguments)
    }

    /// Starts another `dev` for a project.
    pub(crate) fn start_named(project: &Project, name: &str, arguments: &[&str]) -> Self {
        Self::start_with(project, name, |command| {
            command.arg("--no-centrifugo").args(arguments);
        })
    }

    /// Starts `dev` with options and variables.
    pub(crate) fn start_with(project: &Project, name: &str, prepare: impl FnOnce(&mut Command)) -> Self {
        let log = project.path(&format!("{name}.log"));
        let err = File::create(&log).unwrap();
        let out = File::create(log.with_extension("out")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-centrifugo"));
        command
            .args(["centrifugo", "dev"])
            .current_dir(project.folder())
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err);
        prepare(&mut command);
        let child = command.spawn().unwrap();
        Self { child, log }
    }

    /// What `dev` says on standard error.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// What `dev` prints on standard output.
    pub(crate) fn output(&self) -> String {
        std::fs::read_to_string(self.log.with_extension("out")).unwrap_or_default()
    }

    /// Waits until a condition gives a value.
    pub(crate) fn wait_for<T>(&self, what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(value) = condition() {
                return value;
            }
            assert!(Instant::now() < end, "no {what}:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn wait_for_log(&self, text: &str) {
        self.wait_for(text, || self.log().contains(text).then_some(()));
    }

    /// Waits until the newest program is ready. Returns the state.
    pub(crate) fn wait_for_phase(&self, phase: &str) -> Value {
        self.wait_for(phase, || {
            let state = self.get("/api/state");
            (state["phase"] == phase).then_some(state)
        })
    }

    /// The address of the proxy.
    pub(crate) fn proxy(&self) -> SocketAddr {
        let text = self.wait_for("address of the proxy", || {
            let log = self.log();
            let (_, rest) = log.split_once("events come to grpc://")?;
            rest.split_once('\n').map(|(address, _)| address.to_owned())
        });
        text.parse().unwrap()
    }

    /// The address and the token of the console.
    pub(crate) fn console(&self) -> (SocketAddr, String) {
        let text = self.wait_for("console", || {
            let log = self.log();
            let (_, rest) = log.split_once("console: http://")?;
            rest.split_once('\n').map(|(address, _)| address.to_owned())
        });
        let (address, token) = text.split_once("/?token=").unwrap();
        (address.parse().unwrap(), token.to_owned())
    }

    /// Asks the console for JSON.
    pub(crate) fn get(&self, path: &str) -> Value {
        self.request("GET", path, "").1
    }

    /// Sends JSON to the console.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.request("POST", path, &body.to_string()).1
    }

    /// Sends a request with the token. Returns the status and the body.
    pub(crate) fn request(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let (address, token) = self.console();
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n");
        let (status, text) = raw_request(address, &head, body);
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// Sends a signal to `dev`.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Waits until `dev` has ended.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "dev does not end:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request with these lines of its head. Returns the status and the body.
pub(crate) fn raw_request(address: SocketAddr, head: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let length = body.len();
    write!(
        stream,
        "{head}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, body.to_owned())
}

/// Returns the command lines of running processes that contain a text, other than that of this process.
pub(crate) fn processes(part: &Path) -> Vec<String> {
    let part = part.to_str().unwrap();
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok())
        .filter_map(|entry| {
            let line = std::fs::read(entry.path().join("cmdline")).ok()?;
            let folder = std::fs::read_link(entry.path().join("cwd")).ok()?;
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            // A process that has ended, and waits for its parent, has no command line.
            let is_of_test = folder.to_string_lossy().contains(part) || line.contains(part);
            (is_of_test && !line.is_empty())
                .then(|| format!("{}: {line}", entry.file_name().to_string_lossy()))
        })
        .collect()
}

/// Waits until no process of a project is left, shortly: the kernel ends them one after the other.
pub(crate) fn assert_no_process(project: &Project) {
    let end = Instant::now() + Duration::from_secs(3);
    loop {
        let left = processes(project.folder());
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < end, "processes are left: {left:#?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
