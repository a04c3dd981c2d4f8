//! Centrifugo and a backend that it calls directly, without RoadRunner.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::merge::merge;
use crate::{ClientUrl, Node, Peers, Process, Program};

/// How Centrifugo calls the backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// gRPC.
    Grpc,
    /// HTTP.
    Http,
}

/// The settings of a backend and of Centrifugo, before they are started.
#[derive(Clone, Debug)]
pub struct DirectSetup {
    path: String,
    env: Vec<(String, String)>,
    centrifugo_env: Vec<(String, String)>,
    through: Option<SocketAddr>,
    proxy: Value,
    namespaces: Vec<(&'static str, Value)>,
    centrifugo: Value,
}

impl DirectSetup {
    /// Starts from the configuration of Centrifugo that the program prints.
    pub fn new(path: &str, transport: Transport) -> Self {
        let free = "127.0.0.1:0";
        let (grpc, http) = match transport {
            Transport::Grpc => (free, "off"),
            Transport::Http => ("off", free),
        };
        Self {
            path: path.to_owned(),
            env: [("WORKER_LISTEN", grpc), ("WORKER_HTTP_LISTEN", http)]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            centrifugo_env: Vec::new(),
            through: None,
            proxy: json!({ "timeout": "5s" }),
            namespaces: Vec::new(),
            centrifugo: json!({}),
        }
    }

    /// Sets a variable in the program's environment.
    #[must_use]
    pub fn env(mut self, key: &str, value: &str) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// Sets a variable in the environment of Centrifugo.
    #[must_use]
    pub fn centrifugo_env(mut self, key: &str, value: &str) -> Self {
        self.centrifugo_env.push((key.into(), value.into()));
        self
    }

    /// Makes Centrifugo call this address in place of the program's own.
    #[must_use]
    pub fn through(mut self, address: SocketAddr) -> Self {
        self.through = Some(address);
        self
    }

    /// Merges settings into each proxy.
    #[must_use]
    pub fn proxy(mut self, settings: Value) -> Self {
        merge(&mut self.proxy, settings);
        self
    }

    /// Merges settings into a channel namespace.
    #[must_use]
    pub fn namespace(mut self, name: &'static str, settings: Value) -> Self {
        self.namespaces.push((name, settings));
        self
    }

    /// Merges settings into the configuration that the program printed.
    #[must_use]
    pub fn centrifugo(mut self, settings: Value) -> Self {
        merge(&mut self.centrifugo, settings);
        self
    }

    /// Starts both and waits until they listen.
    pub fn start(self) -> DirectStack {
        let folder = Folder::new();
        let program = Program::start("program", &self.path, &self.env, folder.path());
        let config = self.config(&program);
        let node = Node::start_with_env("centrifugo", &config, folder.path(), &self.centrifugo_env);
        DirectStack {
            node,
            program,
            direct: self,
            config,
            folder,
        }
    }

    fn config(&self, program: &Program) -> Value {
        let mut config = program.config.clone();
        for place in ["/client/proxy", "/channel/proxy"] {
            let proxies = config.pointer_mut(place).and_then(Value::as_object_mut);
            for (_, proxy) in proxies.into_iter().flatten() {
                self.merge_settings(proxy, program);
            }
        }
        if let Some(proxy) = config.pointer_mut("/rpc/proxy") {
            self.merge_settings(proxy, program);
        }
        let namespaces = config
            .pointer_mut("/channel/namespaces")
            .and_then(Value::as_array_mut);
        for namespace in namespaces.into_iter().flatten() {
            for (name, settings) in &self.namespaces {
                if namespace["name"] == *name {
                    merge(namespace, settings.clone());
                }
            }
        }
        merge(&mut config, self.centrifugo.clone());
        config
    }

    fn merge_settings(&self, proxy: &mut Value, program: &Program) {
        if let (Some(through), Some(own)) = (self.through, program.grpc.or(program.http)) {
            let endpoint = proxy["endpoint"].as_str().expect("an endpoint");
            proxy["endpoint"] = endpoint.replace(&own.to_string(), &through.to_string()).into();
        }
        merge(proxy, self.proxy.clone());
    }
}

/// A running backend and its Centrifugo.
pub struct DirectStack {
    /// The node of Centrifugo.
    pub node: Node,
    /// The backend program.
    pub program: Program,
    direct: DirectSetup,
    config: Value,
    folder: Folder,
}

impl DirectStack {
    /// Starts another instance of the program, which is not in the configuration of Centrifugo.
    pub fn another_program(&self, name: &'static str, env: &[(&str, &str)]) -> Program {
        let more = env
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let env: Vec<_> = self.direct.env.iter().cloned().chain(more).collect();
        Program::start(name, &self.direct.path, &env, self.folder.path())
    }

    /// Starts another node of Centrifugo with the same configuration.
    pub fn another_node(&self, name: &'static str) -> Node {
        Node::start(name, &self.config, self.folder.path())
    }
}

impl ClientUrl for DirectStack {
    fn url(&self) -> String {
        self.node.url()
    }
}

impl Peers for DirectStack {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn backend(&self) -> &Process {
        &self.program.process
    }
}
