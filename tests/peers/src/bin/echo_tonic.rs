//! The `echo` handler as a generated tonic service on the runtime of `#[tokio::main]`.

#![allow(clippy::print_stdout, reason = "prints its address")]

use std::error::Error;

use peers::services::proxy::centrifugo_proxy_server::{CentrifugoProxy, CentrifugoProxyServer};
use peers::services::proxy::*;
use tokio::net::TcpListener;
use tokio_stream::Empty;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status, Streaming};

struct Service;

#[tonic::async_trait]
impl CentrifugoProxy for Service {
    async fn rpc(&self, request: Request<RpcRequest>) -> Result<Response<RpcResponse>, Status> {
        let result = RpcResult {
            data: request.into_inner().data,
            ..Default::default()
        };
        Ok(Response::new(RpcResponse {
            result: Some(result),
            ..Default::default()
        }))
    }

    async fn connect(&self, _: Request<ConnectRequest>) -> Result<Response<ConnectResponse>, Status> {
        Err(none())
    }

    async fn refresh(&self, _: Request<RefreshRequest>) -> Result<Response<RefreshResponse>, Status> {
        Err(none())
    }

    async fn subscribe(&self, _: Request<SubscribeRequest>) -> Result<Response<SubscribeResponse>, Status> {
        Err(none())
    }

    async fn publish(&self, _: Request<PublishRequest>) -> Result<Response<PublishResponse>, Status> {
        Err(none())
    }

    async fn sub_refresh(
        &self,
        _: Request<SubRefreshRequest>,
    ) -> Result<Response<SubRefreshResponse>, Status> {
        Err(none())
    }

    type SubscribeUnidirectionalStream = Empty<Result<StreamSubscribeResponse, Status>>;

    async fn subscribe_unidirectional(
        &self,
        _: Request<SubscribeRequest>,
    ) -> Result<Response<Self::SubscribeUnidirectionalStream>, Status> {
        Err(none())
    }

    type SubscribeBidirectionalStream = Empty<Result<StreamSubscribeResponse, Status>>;

    async fn subscribe_bidirectional(
        &self,
        _: Request<Streaming<StreamSubscribeRequest>>,
    ) -> Result<Response<Self::SubscribeBidirectionalStream>, Status> {
        Err(none())
    }

    async fn notify_cache_empty(
        &self,
        _: Request<NotifyCacheEmptyRequest>,
    ) -> Result<Response<NotifyCacheEmptyResponse>, Status> {
        Err(none())
    }

    async fn notify_channel_state(
        &self,
        _: Request<NotifyChannelStateRequest>,
    ) -> Result<Response<NotifyChannelStateResponse>, Status> {
        Err(none())
    }

    async fn map_publish(
        &self,
        _: Request<MapPublishRequest>,
    ) -> Result<Response<MapPublishResponse>, Status> {
        Err(none())
    }

    async fn map_remove(&self, _: Request<MapRemoveRequest>) -> Result<Response<MapRemoveResponse>, Status> {
        Err(none())
    }

    async fn shared_poll_refresh(
        &self,
        _: Request<SharedPollRefreshRequest>,
    ) -> Result<Response<SharedPollRefreshResponse>, Status> {
        Err(none())
    }
}

fn none() -> Status {
    Status::unimplemented("not called by the benchmark")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("gRPC on {}", listener.local_addr()?);
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    Server::builder()
        .add_service(CentrifugoProxyServer::new(Service))
        .serve_with_incoming(incoming)
        .await?;
    Ok(())
}
