//! `examples/chat`, as its README says to run it, but on free ports.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::folder::Folder;
use crate::{Process, Reach, binaries, ports};

/// The running program, with its page and its Centrifugo.
pub struct Chat {
    /// The program's process.
    pub process: Process,
    page: u16,
    http: u16,
    // Dropped last: its logs are written until then.
    _folder: Folder,
}

impl Chat {
    /// Starts it, and waits until it says where the page is.
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
            .env("CENTRIFUGO", binaries::centrifugo())
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

    /// The program, built now.
    pub fn binary() -> PathBuf {
        let output = Command::new(env!("CARGO"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["build", "--package", "chat", "--message-format", "json"])
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo");
        assert!(output.status.success(), "the chat does not build");
        let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<serde_json::Value>();
        messages
            .flatten()
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .expect("an executable")
    }

    /// A file of the example.
    pub fn file(name: &str) -> String {
        fs::read_to_string(Self::folder().join(name)).expect("a file of the chat")
    }

    /// Where the example is.
    pub fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/chat")
    }

    /// Where the page is.
    pub fn page(&self) -> String {
        format!("http://127.0.0.1:{}/", self.page)
    }
}

impl Reach for Chat {
    fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/connection/websocket", self.http)
    }
}
