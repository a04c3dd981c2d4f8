//! Centrifugo with a configuration file, and the program that the file is made for.

use std::fs;
use std::process::Command;

use crate::folder::Folder;
use crate::{ClientUrl, Process, ports, programs};

/// A program at the address that it has without settings, and Centrifugo with a file in any format. The documented ports are
/// replaced by free ones.
pub struct ConfiguredStack {
    /// Centrifugo.
    pub centrifugo: Process,
    /// The program.
    pub program: Process,
    http: u16,
    // Dropped after the processes that write to it.
    _folder: Folder,
}

impl ConfiguredStack {
    /// Starts both and waits until they listen. `extension` is the one of the file.
    pub fn start(
        program: &str,
        program_env: &[(&str, &str)],
        extension: &str,
        text: &str,
        env: &[(&str, &str)],
    ) -> Self {
        let folder = Folder::new();
        let [events, api, http] = [(); 3].map(|()| ports::free());
        let text = [("10001", events), ("10000", api), ("8000", http)]
            .into_iter()
            .fold(text.to_owned(), |text, (known, free)| {
                text.replace(known, &free.to_string())
            });
        let file = format!("config.{extension}");
        fs::write(folder.path().join(&file), text).expect("a configuration");
        let mut command = Command::new(program);
        command
            .current_dir(folder.path())
            .env("NOTES", "notes")
            .env("WORKER_LISTEN", format!("127.0.0.1:{events}"))
            .env("WORKER_HTTP_LISTEN", "off")
            .env("WORKER_API", format!("grpc://127.0.0.1:{api}"))
            .envs(program_env.iter().copied());
        let mut program = Process::start("program", command, folder.path());
        program.wait_for_port(events);
        let mut command = Command::new(programs::centrifugo());
        command
            .current_dir(folder.path())
            .args(["-c", &file])
            .envs(env.iter().copied());
        let mut centrifugo = Process::start("centrifugo", command, folder.path());
        centrifugo.wait_for_port(http);
        Self {
            centrifugo,
            program,
            http,
            _folder: folder,
        }
    }
}

impl ClientUrl for ConfiguredStack {
    fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/connection/websocket", self.http)
    }
}
