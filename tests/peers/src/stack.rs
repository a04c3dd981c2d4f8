//! RoadRunner and Centrifugo, configured for each other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::folder::Folder;
use crate::merge::merge;
use crate::{ClientUrl, Peers, Process, ports, programs, rpc};

/// RoadRunner's relay to its workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relay {
    /// Standard input and output.
    Pipes,
    /// A tcp connection.
    Tcp,
    /// A unix socket.
    Unix,
}

/// The settings of RoadRunner and Centrifugo, before they are started.
#[derive(Clone, Debug)]
pub struct Setup {
    command: Vec<String>,
    relay: Relay,
    rpc_over_unix: bool,
    workers: usize,
    env: Map<String, Value>,
    pool: Value,
    roadrunner: Value,
    centrifugo: Value,
}

impl Setup {
    /// Starts from two workers of this program over pipes.
    pub fn new(program: &str) -> Self {
        Self {
            command: vec![program.into()],
            relay: Relay::Pipes,
            rpc_over_unix: false,
            workers: 2,
            env: Map::new(),
            pool: json!({}),
            roadrunner: json!({}),
            centrifugo: json!({}),
        }
    }

    /// Adds an argument of the program.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.command.push(argument.into());
        self
    }

    /// Sets the relay.
    #[must_use]
    pub fn relay(mut self, relay: Relay) -> Self {
        self.relay = relay;
        self
    }

    /// Sets a unix socket for RoadRunner's RPC.
    #[must_use]
    pub fn rpc_over_unix(mut self) -> Self {
        self.rpc_over_unix = true;
        self
    }

    /// Sets the number of workers.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Sets a variable in the workers' environment.
    #[must_use]
    pub fn env(mut self, key: &str, value: &str) -> Self {
        self.env.insert(key.into(), value.into());
        self
    }

    /// Merges settings into RoadRunner's pool.
    #[must_use]
    pub fn pool(mut self, settings: Value) -> Self {
        merge(&mut self.pool, settings);
        self
    }

    /// Merges sections into `.rr.yaml`, such as `metrics`.
    #[must_use]
    pub fn roadrunner(mut self, sections: Value) -> Self {
        merge(&mut self.roadrunner, sections);
        self
    }

    /// Merges settings into the configuration of Centrifugo.
    #[must_use]
    pub fn centrifugo(mut self, settings: Value) -> Self {
        merge(&mut self.centrifugo, settings);
        self
    }

    /// Starts both and waits until they listen.
    pub fn start(self) -> Stack {
        let folder = Folder::new();
        let [rpc, proxy, api, http, relay] = [(); 5].map(|()| ports::free());
        // The path of a unix socket is limited to 107 bytes.
        let socket = |port| format!("unix:///tmp/centrifugo-peers-{}-{port}.sock", std::process::id());
        let relay = match self.relay {
            Relay::Pipes => "pipes".to_owned(),
            Relay::Tcp => tcp(relay),
            Relay::Unix => socket(relay),
        };
        let rpc = if self.rpc_over_unix { socket(rpc) } else { tcp(rpc) };
        let mut pool = json!({ "num_workers": self.workers });
        merge(&mut pool, self.pool);
        // JSON is valid YAML.
        let mut roadrunner = json!({
            "version": "3",
            "rpc": { "listen": rpc },
            "server": { "command": self.command, "relay": relay, "env": self.env },
            "logs": { "level": "info", "mode": "production" },
            "centrifuge": {
                "proxy_address": tcp(proxy),
                "grpc_api_address": tcp(api),
                "pool": pool,
            },
        });
        merge(&mut roadrunner, self.roadrunner);
        let mut config = centrifugo(proxy, api, http);
        merge(&mut config, self.centrifugo);
        let files = [format!("{roadrunner:#}\n"), format!("{config:#}\n")];
        Stack::launch(folder, files, rpc, [proxy, api, http])
    }
}

/// Running RoadRunner and Centrifugo, stopped on drop. The logs are kept if the test failed.
pub struct Stack {
    /// RoadRunner.
    pub roadrunner: Process,
    /// Centrifugo.
    pub centrifugo: Process,
    folder: Folder,
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
        let ports = [(); 4].map(|()| ports::free());
        let files = [roadrunner, config].map(|text| {
            ["6001", "30000", "10000", "8000"]
                .into_iter()
                .zip(ports)
                .fold(text.to_owned(), |text, (known, free)| {
                    text.replace(known, &free.to_string())
                })
        });
        let [rpc, others @ ..] = ports;
        Self::launch(Folder::new(), files, tcp(rpc), others)
    }

    fn launch(
        folder: Folder,
        [roadrunner, config]: [String; 2],
        rpc: String,
        [proxy, api, http]: [u16; 3],
    ) -> Self {
        let path = folder.path();
        fs::write(path.join(".rr.yaml"), roadrunner).expect("a configuration");
        fs::write(path.join("config.json"), config).expect("a configuration");
        let roadrunner = start_roadrunner("roadrunner", path, &rpc, proxy);
        let centrifugo = start_centrifugo("centrifugo", path, [http, api]);
        Self {
            roadrunner,
            centrifugo,
            folder,
            rpc,
            proxy,
            api,
            http,
        }
    }

    /// Starts RoadRunner again on the same ports after its exit.
    pub fn start_roadrunner_again(&mut self) {
        self.roadrunner = start_roadrunner("roadrunner-again", self.folder.path(), &self.rpc, self.proxy);
    }

    /// Starts Centrifugo again on the same ports after its exit.
    pub fn start_centrifugo_again(&mut self) {
        let ports = [self.http, self.api];
        self.centrifugo = start_centrifugo("centrifugo-again", self.folder.path(), ports);
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
        self.folder.path().join(name)
    }

    fn backend(&self) -> &Process {
        &self.roadrunner
    }
}

fn tcp(port: u16) -> String {
    format!("tcp://127.0.0.1:{port}")
}

fn start_roadrunner(name: &'static str, folder: &Path, rpc: &str, proxy: u16) -> Process {
    let mut command = Command::new(programs::roadrunner());
    command.current_dir(folder).args(["serve", "-c", ".rr.yaml"]);
    let mut roadrunner = Process::start(name, command, folder);
    if let Some(port) = rpc.rsplit_once(':').and_then(|(_, port)| port.parse().ok()) {
        roadrunner.wait_for_port(port);
    }
    roadrunner.wait_for_port(proxy);
    roadrunner
}

fn start_centrifugo(name: &'static str, folder: &Path, ports: [u16; 2]) -> Process {
    let mut command = Command::new(programs::centrifugo());
    command.current_dir(folder).args(["-c", "config.json"]);
    let mut centrifugo = Process::start(name, command, folder);
    for port in ports {
        centrifugo.wait_for_port(port);
    }
    centrifugo
}

fn centrifugo(proxy: u16, api: u16, http: u16) -> Value {
    let to = json!({
        "endpoint": format!("grpc://127.0.0.1:{proxy}"),
        "timeout": "5s",
        "http_headers": ["X-Tenant", "Type"],
        "include_connection_meta": true,
    });
    let mut on = to.clone();
    on["enabled"] = true.into();
    let namespace = |name: &str| {
        json!({
            "name": name,
            "subscribe_proxy_enabled": true,
            "publish_proxy_enabled": true,
            "sub_refresh_proxy_enabled": true,
            "presence": true,
            "allow_presence_for_subscriber": true,
        })
    };
    json!({
        "http_server": { "address": "127.0.0.1", "port": http.to_string() },
        "grpc_api": { "enabled": true, "address": "127.0.0.1", "port": api },
        "log": { "level": "info" },
        "client": { "allowed_origins": ["*"], "proxy": { "connect": on, "refresh": on } },
        "channel": {
            "proxy": { "subscribe": to, "publish": to, "sub_refresh": to },
            "namespaces": [namespace("news"), namespace("chat")],
        },
        "rpc": { "proxy": to, "without_namespace": { "proxy_enabled": true } },
    })
}
