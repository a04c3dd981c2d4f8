//! An HTTP/1.1 client that adds no headers of its own.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The status and the body of a response.
pub type HttpResponse = (u16, String);

/// A keep-alive connection.
pub struct HttpConnection(TcpStream);

impl HttpConnection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Sends the headers and the body in two writes.
    pub async fn request(&mut self, path: &str, content_type: Option<&str>, body: &str) {
        let content_type = content_type.map_or(String::new(), |text| format!("content-type: {text}\r\n"));
        let len = body.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: here\r\n{content_type}content-length: {len}\r\n\r\n");
        self.send(head.as_bytes()).await;
        self.send(body.as_bytes()).await;
    }

    /// Reads the next response.
    pub async fn response(&mut self) -> HttpResponse {
        let (head, body) = self.response_with_head().await;
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
    }

    /// Reads the next response. Returns its head and its body.
    pub async fn response_with_head(&mut self) -> (String, String) {
        let mut answer = Vec::new();
        let head = loop {
            let byte = self.0.read_u8().await;
            answer.push(byte.unwrap_or_else(|error| panic!("{error} after {answer:?}")));
            if answer.ends_with(b"\r\n\r\n") {
                break String::from_utf8(answer).unwrap();
            }
        };
        let len = head
            .split("content-length: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap();
        let mut body = vec![0; len.parse().unwrap()];
        self.0.read_exact(&mut body).await.unwrap();
        (head, String::from_utf8(body).unwrap())
    }
}

/// Sends a JSON body on a connection of its own.
pub async fn post(address: SocketAddr, path: &str, body: &str) -> HttpResponse {
    send(address, "POST", path, &[], body.as_bytes()).await
}

/// Sends a request on a connection of its own.
pub async fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> HttpResponse {
    let stream = TcpStream::connect(address).await.unwrap();
    exchange(stream, method, path, headers, body).await
}

/// Sends a request on the given stream, and reads the response until the server closes.
pub async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> HttpResponse {
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (key, value) in headers {
        head.push_str(&format!("{key}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server may refuse the request and close before it has read the whole body.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no response: {answer:?}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}
