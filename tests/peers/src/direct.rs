//! Centrifugo and a backend that it asks without RoadRunner between.

use std::path::{Path, PathBuf};

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
        let program = self.program("program", folder.path());
        let config = self.config(&program);
        let node = Node::start("centrifugo", &config, folder.path());
        Pair {
            node,
            program,
            config,
            folder,
        }
    }

    fn program(&self, name: &'static str, folder: &Path) -> Program {
        Program::start(name, &self.path, &self.env, folder)
    }

    fn config(&self, program: &Program) -> Value {
        let mut config = program.config.clone();
        for path in ["/client/proxy", "/channel/proxy"] {
            for proxy in config
                .pointer_mut(path)
                .and_then(Value::as_object_mut)
                .into_iter()
                .flatten()
            {
                merge(proxy.1, self.proxy.clone());
            }
        }
        if let Some(proxy) = config.pointer_mut("/rpc/proxy") {
            merge(proxy, self.proxy.clone());
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
}

/// The running peers.
pub struct Pair {
    /// Centrifugo.
    pub node: Node,
    /// The backend.
    pub program: Program,
    config: Value,
    folder: Folder,
}

impl Pair {
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
