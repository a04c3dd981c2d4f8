//! Tests of the server API over each transport.

use std::time::Duration;

use centrifugo::api::{Client as Api, ClientBuilder};
use peers::{Client, Setup, Stack};
use serde_json::json;

/// The key of the HTTP API.
pub const KEY: &str = "k3y of these tests";

/// The secret for shared polls.
pub const POLL_KEY: &str = "p0ll of these tests";

/// The transport of API calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiTransport {
    RoadRunner,
    Grpc,
    Http,
}

impl ApiTransport {
    pub const ALL: [Self; 3] = [Self::RoadRunner, Self::Grpc, Self::Http];

    /// Returns the builder of a client for the stack's server API.
    pub fn client(self, stack: &Stack) -> ClientBuilder {
        match self {
            Self::RoadRunner => Api::roadrunner(stack.rpc()),
            Self::Grpc => Api::grpc(stack.grpc_api()),
            Self::Http => Api::http(stack.http_api()).key(KEY),
        }
    }
}

/// RoadRunner and Centrifugo, with a client of the server API.
pub struct ApiPeers {
    pub stack: Stack,
    pub api: Api,
    pub way: ApiTransport,
}

impl ApiPeers {
    pub fn start(program: &str, way: ApiTransport) -> Self {
        let stack = setup(program).start();
        let api = way
            .client(&stack)
            .timeout(Duration::from_secs(15))
            .build()
            .expect("a client");
        Self { stack, api, way }
    }

    /// Connects a client as this user.
    pub async fn user(&self, user: &str) -> Client {
        Client::connect_as(&self.stack, user).await
    }
}

/// Returns a stack with namespaces for every method of the server API.
pub fn setup(program: &str) -> Setup {
    let namespace = |name: &str| {
        json!({
            "name": name,
            "allow_subscribe_for_client": true,
            "presence": true,
            "history_size": 100,
            "history_ttl": "60s",
        })
    };
    let with = |name: &str, more: serde_json::Value| {
        let mut namespace = namespace(name);
        for (key, value) in more.as_object().expect("settings") {
            namespace[key] = value.clone();
        }
        namespace
    };
    Setup::new(program).centrifugo(json!({
        "http_api": { "key": KEY },
        "client": { "queue_max_size": 16 << 20, "recovery_max_publication_limit": 1_000_000 },
        "shared_poll": { "hmac_secret_key": POLL_KEY },
        "channel": {
            // The proxy is never called, because data is published by the API.
            "proxy": { "shared_poll_refresh": { "endpoint": "grpc://127.0.0.1:1" } },
            "namespaces": [
            namespace("room"),
            with("sure", json!({ "force_recovery": true, "history_size": 1_000_000 })),
            json!({ "name": "bare", "allow_subscribe_for_client": true }),
            json!({
                "name": "board",
                "subscription_type": "map",
                "allow_subscribe_for_client": true,
                "map": { "mode": "recoverable", "key_ttl": "60s" },
            }),
            json!({
                "name": "prices",
                "subscription_type": "shared_poll",
                "allow_subscribe_for_client": true,
                "shared_poll": { "mode": "versioned", "refresh_interval": "60s", "publish_enabled": true },
            }),
            ],
        },
    }))
}

/// Defines one test for each transport with the same body.
macro_rules! over_each_transport {
    ($($body:ident),* $(,)?) => {
        $(mod $body {
            use crate::support::api::{ApiPeers, ApiTransport};

            #[tokio::test(flavor = "multi_thread")]
            async fn over_roadrunner() {
                super::$body(ApiPeers::start(env!("CARGO_BIN_EXE_backend"), ApiTransport::RoadRunner)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn over_grpc() {
                super::$body(ApiPeers::start(env!("CARGO_BIN_EXE_backend"), ApiTransport::Grpc)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn over_http() {
                super::$body(ApiPeers::start(env!("CARGO_BIN_EXE_backend"), ApiTransport::Http)).await;
            }
        })*
    };
}
pub(crate) use over_each_transport;
