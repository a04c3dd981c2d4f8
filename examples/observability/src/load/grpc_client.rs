//! Sends events to the backend as Centrifugo does, for a machine without Centrifugo.

use std::net::SocketAddr;

use centrifugo::BoxError;
use centrifugo::proto::proxy::{
    ConnectRequest, ConnectResponse, PublishRequest, PublishResponse, RpcRequest, RpcResponse,
    SubRefreshRequest, SubRefreshResponse, SubscribeRequest, SubscribeResponse,
};
use serde_json::Value;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request};
use tonic_prost::ProstCodec;

pub struct GrpcClient(Channel);

/// Sends one event. An answer with a gRPC status, which Centrifugo takes as a failed event, is no error of the client.
macro_rules! send {
    ($client:expr, $method:literal, $request:expr, $response:ty) => {{
        let mut grpc = Grpc::new($client.0.clone());
        grpc.ready().await?;
        let path = concat!("/centrifugal.centrifugo.proxy.CentrifugoProxy/", $method).parse()?;
        let codec = ProstCodec::<_, $response>::default();
        match grpc.unary(Request::new($request), path, codec).await {
            Err(status) if status.code() == Code::Unavailable => Err(status.into()),
            _ => Ok(()),
        }
    }};
}

impl GrpcClient {
    pub async fn connect(address: SocketAddr) -> Result<Self, BoxError> {
        let channel = Endpoint::from_shared(format!("http://{address}"))?
            .connect()
            .await?;
        let client = Self(channel);
        let request = ConnectRequest {
            protocol: "json".into(),
            encoding: "json".into(),
            ..Default::default()
        };
        send!(client, "Connect", request, ConnectResponse).map(|()| client)
    }

    pub async fn rpc(&mut self, method: &str, data: &Value) -> Result<(), BoxError> {
        let request = RpcRequest {
            protocol: "json".into(),
            encoding: "json".into(),
            method: method.into(),
            data: data.to_string().into(),
            ..Default::default()
        };
        send!(self, "RPC", request, RpcResponse)
    }

    pub async fn publish(&mut self, channel: &str, data: &Value) -> Result<(), BoxError> {
        let request = PublishRequest {
            protocol: "json".into(),
            encoding: "json".into(),
            channel: channel.into(),
            data: data.to_string().into(),
            ..Default::default()
        };
        send!(self, "Publish", request, PublishResponse)
    }

    pub async fn subscribe(&mut self, channel: &str) -> Result<(), BoxError> {
        let request = SubscribeRequest {
            protocol: "json".into(),
            encoding: "json".into(),
            channel: channel.into(),
            ..Default::default()
        };
        send!(self, "Subscribe", request, SubscribeResponse)
    }

    pub async fn renew(&mut self, channel: &str) -> Result<(), BoxError> {
        let request = SubRefreshRequest {
            protocol: "json".into(),
            encoding: "json".into(),
            channel: channel.into(),
            ..Default::default()
        };
        send!(self, "SubRefresh", request, SubRefreshResponse)
    }
}
