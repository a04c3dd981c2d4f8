//! RoadRunner and Centrifugo, configured for each other.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::folder::Folder;
use crate::{ClientUrl, NewProject, Peers, Process, ports, programs, rpc};

/// The configuration of RoadRunner.
const ROADRUNNER_FILE: &str = ".rr.yaml";

/// The configuration files of both.
struct Files {
    /// The name of Centrifugo's.
    centrifugo: &'static str,
    /// Where both run.
    path: PathBuf,
    /// Where the logs are. It is removed on drop.
    folder: Folder,
}

/// Running RoadRunner and Centrifugo, stopped on drop. The logs are kept if the test failed.
pub struct Stack {
    /// RoadRunner.
    pub roadrunner: Process,
    /// Centrifugo.
    pub centrifugo: Process,
    // Dropped after the processes that write to its folder.
    files: Files,
    /// The RPC address in the format of `RR_RPC`.
    rpc: String,
    proxy: u16,
    api: u16,
    http: u16,
}

impl Stack {
    /// Starts both with the contents of `.rr.yaml` and `config.json`, and replaces the documented ports 6001, 30000, 10000
    /// and 8000 by free ones.
    pub fn from_files(roadrunner: &str, config: &str) -> Self {
        let (files, [rpc, others @ ..]) = with_free_ports([roadrunner, config]);
        Self::launch(Folder::new(), files, tcp(rpc), others)
    }

    /// Starts both in the folder of a new project, which is built, with the files of the project. Their documented ports are
    /// replaced by free ones.
    pub fn of_project(project: NewProject) -> Self {
        let paths = [ROADRUNNER_FILE, "centrifugo.json"].map(|name| project.path.join(name));
        let texts = paths
            .each_ref()
            .map(|path| fs::read_to_string(path).expect("a configuration"));
        let (files, [rpc, proxy, api, http]) = with_free_ports(texts.each_ref().map(String::as_str));
        for (path, text) in paths.iter().zip(files) {
            fs::write(path, text).expect("a configuration");
        }
        let files = Files {
            centrifugo: "centrifugo.json",
            path: project.path,
            folder: project.folder,
        };
        Self::launch_files(files, tcp(rpc), [proxy, api, http])
    }

    /// Starts both with the contents of `.rr.yaml` and `config.json`. `rpc` is the address in the format of `RR_RPC`.
    pub(crate) fn launch(
        folder: Folder,
        [roadrunner, config]: [String; 2],
        rpc: String,
        [proxy, api, http]: [u16; 3],
    ) -> Self {
        let files = Files {
            centrifugo: "config.json",
            path: folder.path().to_owned(),
            folder,
        };
        fs::write(files.path.join(ROADRUNNER_FILE), roadrunner).expect("a configuration");
        fs::write(files.path.join(files.centrifugo), config).expect("a configuration");
        Self::launch_files(files, rpc, [proxy, api, http])
    }

    fn launch_files(files: Files, rpc: String, [proxy, api, http]: [u16; 3]) -> Self {
        let roadrunner = start_roadrunner("roadrunner", &files, &rpc, proxy);
        let centrifugo = start_centrifugo("centrifugo", &files, [http, api]);
        Self {
            roadrunner,
            centrifugo,
            files,
            rpc,
            proxy,
            api,
            http,
        }
    }

    /// Starts RoadRunner again on the same ports after its exit.
    pub fn start_roadrunner_again(&mut self) {
        self.roadrunner = start_roadrunner("roadrunner-again", &self.files, &self.rpc, self.proxy);
    }

    /// Starts Centrifugo again on the same ports after its exit.
    pub fn start_centrifugo_again(&mut self) {
        let ports = [self.http, self.api];
        self.centrifugo = start_centrifugo("centrifugo-again", &self.files, ports);
    }

    /// Returns the address of RoadRunner's RPC in the format of `RR_RPC`.
    pub fn rpc(&self) -> String {
        self.rpc.clone()
    }

    /// Returns the URL of Centrifugo's gRPC API.
    pub fn grpc_api(&self) -> String {
        format!("grpc://127.0.0.1:{}", self.api)
    }

    /// Returns the URL of Centrifugo's HTTP API.
    pub fn http_api(&self) -> String {
        format!("http://127.0.0.1:{}", self.http)
    }

    /// Returns the port of RoadRunner's proxy, which Centrifugo calls.
    pub fn proxy(&self) -> u16 {
        self.proxy
    }

    /// Replaces all workers, as `rr reset` does.
    pub fn reset(&self) {
        rpc::call(&self.rpc, "resetter.Reset", &json!("centrifuge")).expect("a reset");
    }

    /// Returns the pids of the workers, as `rr workers` shows them.
    pub fn workers(&self) -> Vec<u64> {
        let answer = rpc::call(&self.rpc, "informer.Workers", &json!("centrifuge")).expect("the workers");
        let workers = answer["workers"].as_array().cloned().unwrap_or_default();
        workers
            .iter()
            .filter_map(|worker| worker["pid"].as_u64())
            .collect()
    }

    /// Sends SIGTERM to RoadRunner. Returns whether it exited by itself.
    ///
    /// Under load, the plugin holds a lock while it waits for calls that wait for the same lock (`Stop` in `plugin.go`,
    /// `Exec` in `pool.go`), until `endure.grace_period` ends, which is 30 s by default.
    pub fn stop_roadrunner(&mut self) -> bool {
        self.roadrunner.terminate();
        self.roadrunner.wait_for_exit(Duration::from_secs(40)).is_some()
    }
}

impl ClientUrl for Stack {
    fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/connection/websocket", self.http)
    }
}

impl Peers for Stack {
    fn file(&self, name: &str) -> PathBuf {
        self.files.path.join(name)
    }

    fn backend(&self) -> &Process {
        &self.roadrunner
    }
}

pub(crate) fn tcp(port: u16) -> String {
    format!("tcp://127.0.0.1:{port}")
}

/// Replaces the documented ports of RoadRunner's RPC and proxy, of Centrifugo's API and of its clients by free ones.
fn with_free_ports(files: [&str; 2]) -> ([String; 2], [u16; 4]) {
    let ports = [(); 4].map(|()| ports::free());
    let files = files.map(|text| {
        ["6001", "30000", "10000", "8000"]
            .into_iter()
            .zip(ports)
            .fold(text.to_owned(), |text, (known, free)| {
                text.replace(known, &free.to_string())
            })
    });
    (files, ports)
}

fn start_roadrunner(name: &'static str, files: &Files, rpc: &str, proxy: u16) -> Process {
    let mut command = Command::new(programs::roadrunner());
    command
        .current_dir(&files.path)
        .args(["serve", "-c", ROADRUNNER_FILE]);
    let mut roadrunner = Process::start(name, command, files.folder.path());
    if let Some(port) = rpc.rsplit_once(':').and_then(|(_, port)| port.parse().ok()) {
        roadrunner.wait_for_port(port);
    }
    roadrunner.wait_for_port(proxy);
    roadrunner
}

fn start_centrifugo(name: &'static str, files: &Files, ports: [u16; 2]) -> Process {
    let mut command = Command::new(programs::centrifugo());
    command
        .current_dir(&files.path)
        .args(["--config", files.centrifugo]);
    let mut centrifugo = Process::start(name, command, files.folder.path());
    for port in ports {
        centrifugo.wait_for_port(port);
    }
    centrifugo
}
