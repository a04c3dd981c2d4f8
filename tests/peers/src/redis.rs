//! Redis, which joins nodes of Centrifugo.

use std::process::Command;

use crate::folder::Folder;
use crate::{Process, binaries, ports};

/// A running Redis that keeps nothing.
pub struct Redis {
    /// Its process.
    pub process: Process,
    port: u16,
    // After the process that writes into it.
    _folder: Folder,
}

impl Redis {
    /// Starts it, and waits until it listens.
    pub fn start() -> Self {
        let folder = Folder::new();
        let port = ports::free();
        let mut command = Command::new(binaries::redis());
        command
            .current_dir(folder.path())
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no"]);
        let mut process = Process::start("redis", command, folder.path());
        process.wait_for_port(port);
        Self {
            process,
            port,
            _folder: folder,
        }
    }

    /// Its address, as Centrifugo takes it.
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}
