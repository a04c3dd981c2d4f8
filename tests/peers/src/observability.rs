//! Starts `examples/observability`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::folder::Folder;
use crate::{Process, programs};

/// The example chooses free ports itself, so that two that start at once could choose the same.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The running example, with its backend, its clients, Prometheus and perhaps Centrifugo.
pub struct Observability {
    /// The process that starts the others.
    pub process: Process,
    /// The lines that it printed at its start.
    output: String,
    // Dropped after the process.
    folder: Folder,
    _lock: MutexGuard<'static, ()>,
}

impl Observability {
    /// Starts the example with these arguments and waits until all of it runs.
    pub fn start(arguments: &[&str]) -> Self {
        let lock = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        // Fails with instructions if it is missing.
        let prometheus = programs::prometheus();
        let binary = test_support::workspace_program("observability");
        let folder = Folder::new();
        let path = [prometheus.parent().expect("a folder"), Path::new("/usr/bin")];
        let mut command = Command::new(binary);
        command
            .current_dir(folder.path())
            .args(arguments)
            .env("CENTRIFUGO", programs::centrifugo())
            .env("PATH", std::env::join_paths(path).expect("a path"))
            .env("TMPDIR", folder.path());
        let process = Process::start("observability", command, folder.path());
        let output = process.wait_for_log("sends events until Ctrl-C");
        Self {
            process,
            output,
            folder,
            _lock: lock,
        }
    }

    /// Returns `host:port` of a server that the example has printed, such as `Prometheus`.
    ///
    /// # Panics
    ///
    /// If it has printed none.
    pub fn address(&self, name: &str) -> String {
        self.find_address(name)
            .unwrap_or_else(|| panic!("no address of {name}:\n{}", self.output))
    }

    fn find_address(&self, name: &str) -> Option<String> {
        let line = self
            .output
            .lines()
            .find(|line| line.contains(&format!(" {name}:")))?;
        let (_, rest) = line.split_once("http://")?;
        Some(rest.split('/').next()?.to_owned())
    }

    /// Returns the addresses of all servers that accept connections.
    pub fn listening(&self) -> Vec<String> {
        let all = self.output.lines().filter_map(|line| line.split_once("http://"));
        all.filter_map(|(_, rest)| rest.split('/').next())
            .filter(|address| std::net::TcpStream::connect(address).is_ok())
            .map(str::to_owned)
            .collect()
    }

    /// Returns the temporary folders of the example that exist.
    pub fn temporary_folders(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("a folder");
        entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("observability-"))
            .collect()
    }

    /// Reads a file of the example.
    pub fn file(name: &str) -> String {
        fs::read_to_string(Self::folder().join(name)).expect("a file of the example")
    }

    /// Returns the folder of the example.
    pub fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/observability")
    }
}
