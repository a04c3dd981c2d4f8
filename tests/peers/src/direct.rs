//! Centrifugo and a backend that it asks without RoadRunner between.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::merge::merge;
use crate::{Node, Peers, Process, Program, Reach};

/// How Centrifugo asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// gRPC.
    Grpc,
    /// HTTP.
    Http,
}

/// What to start.
#[derive(Clone, Debug)]
pub struct Direct {
    path: String,
    env: Vec<(String, String)>,
    through: Option<SocketAddr>,
    proxy: Value,
    namespaces: Vec<(&'static str, Value)>,
    centrifugo: Value,
}

impl Direct {
    /// This program, with the configuration of Centrifugo that the program itself prints.
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
            through: None,
            proxy: json!({ "timeout": "5s" }),
            namespaces: Vec::new(),
            centrifugo: json!({}),
        }
    }

    /// A variable of the program's environment.
    #[must_use]
    pub fn env(mut self, key: &str, value: &str) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// Where Centrifugo asks in place of the program's own address.
    #[must_use]
    pub fn through(mut self, address: SocketAddr) -> Self {
        self.through = Some(address);
        self
    }

    /// More settings of each proxy.
    #[must_use]
    pub fn proxy(mut self, settings: Value) -> Self {
        merge(&mut self.proxy, settings);
        self
    }

    /// More settings of a namespace of channels.
    #[must_use]
    pub fn namespace(mut self, name: &'static str, settings: Value) -> Self {
        self.namespaces.push((name, settings));
        self
    }

    /// More settings of Centrifugo, over those that the program printed.
    #[must_use]
    pub fn centrifugo(mut self, settings: Value) -> Self {
        merge(&mut self.centrifugo, settings);
        self
    }

    /// Starts both, and waits until they listen.
    pub fn start(self) -> Pair {
        let folder = Folder::new();
        let program = Program::start("program", &self.path, &self.env, folder.path());
        let config = self.config(&program);
        let node = Node::start("centrifugo", &config, folder.path());
        Pair {
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
                self.lay_on(proxy, program);
            }
        }
        if let Some(proxy) = config.pointer_mut("/rpc/proxy") {
            self.lay_on(proxy, program);
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

    fn lay_on(&self, proxy: &mut Value, program: &Program) {
        if let (Some(through), Some(own)) = (self.through, program.grpc.or(program.http)) {
            let endpoint = proxy["endpoint"].as_str().expect("an endpoint");
            proxy["endpoint"] = endpoint.replace(&own.to_string(), &through.to_string()).into();
        }
        merge(proxy, self.proxy.clone());
    }
}

/// The running peers.
pub struct Pair {
    /// Centrifugo.
    pub node: Node,
    /// The backend.
    pub program: Program,
    direct: Direct,
    config: Value,
    folder: Folder,
}

impl Pair {
    /// Another instance of the program, which Centrifugo has not been told of.
    pub fn another_program(&self, name: &'static str, env: &[(&str, &str)]) -> Program {
        let more = env
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let env: Vec<_> = self.direct.env.iter().cloned().chain(more).collect();
        Program::start(name, &self.direct.path, &env, self.folder.path())
    }

    /// Another node of Centrifugo with the same configuration.
    pub fn another_node(&self, name: &'static str) -> Node {
        Node::start(name, &self.config, self.folder.path())
    }
}

impl Reach for Pair {
    fn url(&self) -> String {
        self.node.url()
    }
}

impl Peers for Pair {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn backend(&self) -> &Process {
        &self.program.process
    }
}
