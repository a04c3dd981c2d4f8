//! A raw client of the JSON protocol. It can send what other clients do not send, and sees whole replies.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::ClientUrl;

const LIMIT: Duration = Duration::from_secs(15);

/// A WebSocket to Centrifugo.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    lines: Vec<String>,
    id: u32,
}

impl Socket {
    /// Opens a WebSocket with these headers, without the connect command.
    pub async fn open(peers: &impl ClientUrl, headers: &[(&str, &str)]) -> Self {
        let mut request = peers.url().into_client_request().expect("a request");
        for (key, value) in headers {
            request.headers_mut().append(
                HeaderName::from_bytes(key.as_bytes()).expect("a name"),
                HeaderValue::from_str(value).expect("a value"),
            );
        }
        let config = WebSocketConfig::default()
            .max_message_size(Some(64 << 20))
            .max_frame_size(Some(64 << 20));
        let (stream, _) = tokio_tungstenite::connect_async_with_config(request, Some(config), true)
            .await
            .expect("a WebSocket");
        Self {
            stream,
            lines: Vec::new(),
            id: 0,
        }
    }

    /// Opens a WebSocket and connects as this user.
    pub async fn connect(peers: &impl ClientUrl, user: &str, headers: &[(&str, &str)]) -> Self {
        let mut socket = Self::open(peers, headers).await;
        let reply = socket
            .command(json!({ "connect": { "data": { "user": user } } }))
            .await;
        assert!(reply.contains(r#""client":"#), "{reply}");
        socket
    }

    /// Sends a command. Returns the raw reply, or `CLOSED CODE REASON` if the connection was closed.
    pub async fn command(&mut self, mut command: Value) -> String {
        self.id += 1;
        command["id"] = self.id.into();
        self.raw(command.to_string()).await
    }

    /// Sends an rpc whose data is inserted verbatim. Returns the raw reply.
    pub async fn rpc(&mut self, method: &str, data: &str) -> String {
        self.id += 1;
        let text = format!(
            r#"{{"id":{},"rpc":{{"method":"{method}","data":{data}}}}}"#,
            self.id
        );
        self.raw(text).await
    }

    async fn raw(&mut self, text: String) -> String {
        if self.stream.send(Message::text(text)).await.is_err() {
            return self.line().await;
        }
        let id = format!(r#"{{"id":{},"#, self.id);
        loop {
            let line = self.line().await;
            if line.starts_with(&id) || line.starts_with("CLOSED") {
                return line;
            }
        }
    }

    /// Waits for the next reply or push.
    pub async fn line(&mut self) -> String {
        loop {
            if let Some(line) = self.lines.pop() {
                if line == "{}" {
                    // An empty message is a ping and must be answered.
                    let _ = self.stream.send(Message::text("{}")).await;
                    continue;
                }
                return line;
            }
            let message = tokio::time::timeout(LIMIT, self.stream.next())
                .await
                .expect("a message");
            match message {
                Some(Ok(Message::Text(text))) => {
                    self.lines = text.lines().rev().map(str::to_owned).collect();
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    return format!("CLOSED {} {}", u16::from(frame.code), frame.reason);
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return "CLOSED".into(),
                Some(Ok(_)) => {}
            }
        }
    }
}
