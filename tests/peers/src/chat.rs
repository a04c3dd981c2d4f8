//! Starts `examples/chat` as its README says, on free ports.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folder::Folder;
use crate::{ClientUrl, Process, ports, programs};

/// The running chat, with its page and its Centrifugo.
pub struct Chat {
    /// The process of the chat.
    pub process: Process,
    page: u16,
    http: u16,
    // Dropped last, because the process writes its logs until its end.
    _folder: Folder,
}

impl Chat {
    /// Starts the chat and waits until it prints the address of the page.
    pub fn start() -> Self {
        let folder = Folder::new();
        let [page, http, api, events] = [(); 4].map(|()| ports::free());
        let config = Self::file("config.json")
            .replace("\"8000\"", &format!("\"{http}\""))
            .replace("\"port\": 10000", &format!("\"port\": {api}"))
            .replace("127.0.0.1:10001", &format!("127.0.0.1:{events}"));
        let path = folder.path().join("config.json");
        fs::write(&path, config).expect("a configuration");
        let mut command = Command::new(Self::binary());
        command
            .current_dir(folder.path())
            .env("CENTRIFUGO", programs::centrifugo())
            .env("CHAT_CONFIG", path)
            .env("CHAT_PAGE", format!("127.0.0.1:{page}"));
        let mut process = Process::start("chat", command, folder.path());
        process.wait_for_port(page);
        process.wait_for_log("chat: open http://");
        Self {
            process,
            page,
            http,
            _folder: folder,
        }
    }

    /// Builds the chat. Returns the path of the program.
    pub fn binary() -> PathBuf {
        test_support::workspace_program("chat")
    }

    /// Reads a file of the example.
    pub fn file(name: &str) -> String {
        fs::read_to_string(Self::folder().join(name)).expect("a file of the chat")
    }

    /// Returns the folder of the example.
    pub fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/chat")
    }

    /// Returns the URL of the page.
    pub fn page(&self) -> String {
        format!("http://127.0.0.1:{}/", self.page)
    }
}

impl ClientUrl for Chat {
    fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/connection/websocket", self.http)
    }
}
