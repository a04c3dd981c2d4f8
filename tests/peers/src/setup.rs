//! The settings of RoadRunner and Centrifugo.

use serde_json::{Map, Value, json};

use crate::folder::Folder;
use crate::merge::merge;
use crate::ports;
use crate::stack::{Stack, tcp};

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
