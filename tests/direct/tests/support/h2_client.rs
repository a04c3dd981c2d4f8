//! An HTTP/2 client that does not follow the rules of gRPC.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use h2::client::SendRequest;
use http::{Method, Request};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The HTTP status and the gRPC status of a response.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct H2Response {
    pub status: u16,
    pub grpc_status: Option<String>,
    pub message: String,
}

pub struct H2Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub headers: Vec<(String, String)>,
    /// The first bytes of the body. The request stream stays open after them.
    pub body: Bytes,
}

impl<'a> H2Call<'a> {
    pub fn new(path: &'a str) -> Self {
        Self {
            method: Method::POST,
            path,
            headers: vec![("content-type".into(), "application/grpc".into())],
            body: Bytes::new(),
        }
    }

    pub fn with_many_headers(mut self, count: usize) -> Self {
        self.headers
            .extend((0..count).map(|number| (format!("x-{number}"), "v".into())));
        self
    }
}

pub struct H2Connection(SendRequest<Bytes>);

impl H2Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let (send, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        Self(send)
    }

    /// Sends a call whose body stays open, and waits up to 20 s for the response headers.
    pub async fn call(&mut self, call: H2Call<'_>) -> H2Response {
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
        H2Response {
            status: response.status().as_u16(),
            grpc_status: header("grpc-status"),
            message: header("grpc-message").unwrap_or_default(),
        }
    }
}
