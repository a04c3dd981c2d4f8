//! A client of HTTP/2 without gRPC's rules.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use h2::client::SendRequest;
use http::{Method, Request};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// What came back: the status, and what gRPC adds to it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub grpc_status: Option<String>,
    pub message: String,
}

pub struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub headers: Vec<(String, String)>,
    /// The bytes of the body. It has no end.
    pub body: Bytes,
}

impl<'a> Call<'a> {
    pub fn new(path: &'a str) -> Self {
        Self {
            method: Method::POST,
            path,
            headers: vec![("content-type".into(), "application/grpc".into())],
            body: Bytes::new(),
        }
    }

    pub fn many_headers(mut self, count: usize) -> Self {
        self.headers
            .extend((0..count).map(|number| (format!("x-{number}"), "v".into())));
        self
    }
}

pub struct Connection(SendRequest<Bytes>);

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let (send, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        Self(send)
    }

    /// The answer, while the body has no end.
    pub async fn call(&mut self, call: Call<'_>) -> Answer {
        let uri = format!("http://here{}", call.path);
        let mut request = Request::builder().method(call.method).uri(uri);
        for (key, value) in &call.headers {
            request = request.header(key, value);
        }
        let (response, mut body) = self.0.send_request(request.body(()).unwrap(), false).unwrap();
        if !call.body.is_empty() {
            body.send_data(call.body, false).unwrap();
        }
        let response = timeout(Duration::from_secs(20), response).await.unwrap().unwrap();
        let header = |key: &str| {
            let value = response.headers().get(key)?.to_str().unwrap();
            Some(value.replace("%20", " "))
        };
        Answer {
            status: response.status().as_u16(),
            grpc_status: header("grpc-status"),
            message: header("grpc-message").unwrap_or_default(),
        }
    }
}
