//! A client, with and without Centrifugo.

use std::net::SocketAddr;

use centrifugo::BoxError;
use serde_json::Value;

use super::grpc_client::GrpcClient;
use super::web_socket_client::WebSocketClient;

/// A connected client. Errors that a handler returns are not errors of the client.
pub enum Client {
    /// A client of Centrifugo.
    WebSocket(WebSocketClient),
    /// Sends events as Centrifugo does.
    Grpc(GrpcClient),
}

impl Client {
    pub async fn connect(address: SocketAddr, has_centrifugo: bool) -> Result<Self, BoxError> {
        Ok(if has_centrifugo {
            Self::WebSocket(WebSocketClient::connect(address).await?)
        } else {
            Self::Grpc(GrpcClient::connect(address).await?)
        })
    }

    pub async fn rpc(&mut self, method: &str, data: &Value) -> Result<(), BoxError> {
        match self {
            Self::WebSocket(client) => client.rpc(method, data).await,
            Self::Grpc(client) => client.rpc(method, data).await,
        }
    }

    pub async fn publish(&mut self, channel: &str, data: &Value) -> Result<(), BoxError> {
        match self {
            Self::WebSocket(client) => client.publish(channel, data).await,
            Self::Grpc(client) => client.publish(channel, data).await,
        }
    }

    pub async fn subscribe(&mut self, channel: &str) -> Result<(), BoxError> {
        match self {
            Self::WebSocket(client) => client.subscribe(channel).await,
            Self::Grpc(client) => client.subscribe(channel).await,
        }
    }

    /// Renews a subscription. Centrifugo does this by itself.
    pub async fn renew(&mut self, channel: &str) -> Result<(), BoxError> {
        match self {
            Self::WebSocket(_) => Ok(()),
            Self::Grpc(client) => client.renew(channel).await,
        }
    }
}
