//! Centrifugo without a backend.

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::merge::merge;
use crate::{Node, Reach, ports};

/// A node with its gRPC API, and nobody whom it asks: clients bring tokens.
pub struct Alone {
    /// Centrifugo.
    pub node: Node,
    api: u16,
    // After the process that writes into it.
    _folder: Folder,
}

impl Alone {
    /// Starts it with these settings, and waits until it listens.
    pub fn start(settings: Value) -> Self {
        let folder = Folder::new();
        let api = ports::free();
        let mut config = json!({ "grpc_api": { "enabled": true, "address": "127.0.0.1", "port": api } });
        merge(&mut config, settings);
        let mut node = Node::start("centrifugo", &config, folder.path());
        node.process.wait_for_port(api);
        Self {
            node,
            api,
            _folder: folder,
        }
    }

    /// `host:port` of the gRPC API.
    pub fn grpc_api(&self) -> String {
        format!("127.0.0.1:{}", self.api)
    }

    /// `host:port` of the HTTP API.
    pub fn http_api(&self) -> String {
        self.node.address()
    }
}

impl Reach for Alone {
    fn url(&self) -> String {
        self.node.url()
    }
}
