//! Settings. All addresses but that of the page come from Centrifugo's configuration.

use std::path::PathBuf;

use centrifugo::BoxError;
use serde::Deserialize;

/// The configuration in this example's folder.
const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/config.json");

pub struct Settings {
    /// The path of Centrifugo's configuration, from `CHAT_CONFIG`.
    pub config: PathBuf,
    /// The address of the page, from `CHAT_PAGE`.
    pub page: String,
    /// The address where Centrifugo accepts clients.
    pub clients: String,
    /// The address of Centrifugo's gRPC API.
    pub api: String,
    /// The address that Centrifugo sends events to.
    pub events: String,
}

impl Settings {
    pub fn from_env() -> Result<Self, BoxError> {
        let config = std::env::var_os("CHAT_CONFIG").map_or_else(|| CONFIG.into(), PathBuf::from);
        let text =
            std::fs::read_to_string(&config).map_err(|error| format!("{}: {error}", config.display()))?;
        let Config {
            http_server: clients,
            grpc_api: api,
            rpc,
        } = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", config.display()))?;
        let endpoint = &rpc.proxy.endpoint;
        let events = endpoint
            .strip_prefix("grpc://")
            .ok_or_else(|| format!("{}: `{endpoint}` is not a `grpc://` endpoint", config.display()))?;
        Ok(Self {
            page: std::env::var("CHAT_PAGE").unwrap_or_else(|_| "127.0.0.1:3000".to_owned()),
            clients: format!("{}:{}", clients.address, clients.port),
            api: format!("{}:{}", api.address, api.port),
            events: events.to_owned(),
            config,
        })
    }
}

/// The part of Centrifugo's configuration that the chat reads.
#[derive(Deserialize)]
struct Config {
    http_server: HttpServer,
    grpc_api: GrpcApi,
    rpc: Rpc,
}

#[derive(Deserialize)]
struct HttpServer {
    address: String,
    port: String,
}

#[derive(Deserialize)]
struct GrpcApi {
    address: String,
    port: u16,
}

#[derive(Deserialize)]
struct Rpc {
    proxy: Proxy,
}

#[derive(Deserialize)]
struct Proxy {
    endpoint: String,
}
