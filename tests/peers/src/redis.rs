//! Redis as Centrifugo's engine.

use std::process::Command;
use std::time::Duration;

use crate::folder::Folder;
use crate::{Process, ports, programs};

/// A running Redis without persistence.
pub struct Redis {
    /// The process.
    pub process: Process,
    port: u16,
    // Dropped after the process that writes to it.
    folder: Folder,
}

impl Redis {
    /// Starts Redis and waits until it listens.
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

    /// Kills Redis and starts it again on the same port after `pause`, with all data lost.
    pub fn restart(&mut self, pause: Duration) {
        self.process.kill();
        std::thread::sleep(pause);
        self.process = start(&self.folder, self.port);
    }

    /// Returns the address for the configuration of Centrifugo.
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

fn start(folder: &Folder, port: u16) -> Process {
    let mut command = Command::new(programs::redis());
    command
        .current_dir(folder.path())
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "no"]);
    let mut process = Process::start("redis", command, folder.path());
    process.wait_for_port(port);
    process
}
