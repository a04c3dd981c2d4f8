//! Centrifugo without a backend.

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::merge::merge;
use crate::{ClientUrl, Node, ports};

/// A node with its APIs and without a proxy: clients authenticate with tokens.
pub struct StandaloneNode {
    /// The process of Centrifugo.
    pub node: Node,
    api: u16,
    // Dropped after the process that writes to it.
    _folder: Folder,
}

impl StandaloneNode {
    /// Starts a node with these settings and waits until it listens.
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

    /// Returns `host:port` of the gRPC API.
    pub fn grpc_api(&self) -> String {
        format!("127.0.0.1:{}", self.api)
    }

    /// Returns `host:port` of the HTTP API.
    pub fn http_api(&self) -> String {
        self.node.address()
    }
}

impl ClientUrl for StandaloneNode {
    fn url(&self) -> String {
        self.node.url()
    }
}
