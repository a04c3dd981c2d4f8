//! A caller of the proxy, as Centrifugo is one.

use std::net::SocketAddr;

use bytes::{BufMut as _, Bytes, BytesMut};
use centrifugo_proto::proxy::{RpcRequest, RpcResponse};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message as _;

/// One connection, as Centrifugo has one for each proxy.
#[derive(Clone)]
pub(crate) struct EventClient {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

impl EventClient {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        tokio::spawn(connection);
        Self { address, sender }
    }

    /// Calls a method. Returns the data of the result, or the gRPC code.
    pub(crate) async fn rpc(&self, method: &str) -> Result<String, String> {
        let message = RpcRequest {
            client: "client".into(),
            protocol: "json".into(),
            encoding: "json".into(),
            method: method.into(),
            user: "42".into(),
            ..Default::default()
        };
        let bytes = self.call("RPC", &[message.encode_to_vec()]).await?;
        let response = RpcResponse::decode(&bytes[5..]).unwrap();
        match (response.error, response.result) {
            (Some(error), _) => Err(format!("error {}", error.code)),
            (None, result) => Ok(String::from_utf8(result.unwrap_or_default().data.to_vec()).unwrap()),
        }
    }

    /// Sends messages to a method of the service. Returns the body of the response, or the gRPC code.
    pub(crate) async fn call(&self, method: &str, messages: &[Vec<u8>]) -> Result<Bytes, String> {
        let mut body = BytesMut::new();
        for message in messages {
            body.put_u8(0);
            body.put_u32(message.len().try_into().unwrap());
            body.put_slice(message);
        }
        let address = self.address;
        let request = Request::post(format!(
            "http://{address}/centrifugal.centrifugo.proxy.CentrifugoProxy/{method}"
        ))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("x-tenant", "a")
        .header("cookie", "session=1")
        .body(Full::new(body.freeze()))
        .unwrap();
        let response = self.sender.clone().send_request(request).await;
        let response = response.map_err(|error| format!("no response: {error}"))?;
        if let Some(status) = response.headers().get("grpc-status") {
            return Err(status.to_str().unwrap().to_owned());
        }
        let body = response.into_body().collect().await;
        let body = body.map_err(|error| format!("no body: {error}"))?;
        let status = body
            .trailers()
            .and_then(|trailers| trailers.get("grpc-status").cloned());
        match status {
            Some(status) if status == "0" => {}
            status => return Err(format!("{status:?}")),
        }
        Ok(body.to_bytes())
    }
}
