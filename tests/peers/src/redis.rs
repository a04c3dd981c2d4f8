//! Redis, which joins nodes of Centrifugo.

use std::process::Command;
use std::time::Duration;

use crate::folder::Folder;
use crate::{Process, binaries, ports};

/// A running Redis that keeps nothing.
pub struct Redis {
    /// Its process.
    pub process: Process,
    port: u16,
    // After the process that writes into it.
    folder: Folder,
}

impl Redis {
    /// Starts it, and waits until it listens.
    pub fn start() -> Self {
        let folder = Folder::new();
        let port = ports::free();
        let process = start(&folder, port);
        Self {
            process,
            port,
            folder,
        }
    }

    /// Kills it, and starts it again on the same port after `pause`. It has forgotten everything.
    pub fn restart(&mut self, pause: Duration) {
        self.process.kill();
        std::thread::sleep(pause);
        self.process = start(&self.folder, self.port);
    }

    /// Its address, as Centrifugo takes it.
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

fn start(folder: &Folder, port: u16) -> Process {
    let mut command = Command::new(binaries::redis());
    command
        .current_dir(folder.path())
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "no"]);
    let mut process = Process::start("redis", command, folder.path());
    process.wait_for_port(port);
    process
}
