//! Clients that send rpcs at the same time.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use speed::Round;

use crate::{ClientUrl, Socket};

/// Clients on the JSON protocol, each with one rpc in flight.
pub struct LoadClients(Vec<Socket>);

impl LoadClients {
    /// Returns settings of Centrifugo for the number of clients and the message sizes of the benchmarks.
    pub fn settings() -> Value {
        json!({
            "websocket": { "message_size_limit": 1 << 20 },
            "client": {
                "queue_max_size": 16 << 20,
                // Clients do not read while another contestant has its round.
                "ping_interval": "1h",
                "allow_anonymous_connect_without_token": true,
                "proxy": { "connect": { "enabled": false }, "refresh": { "enabled": false } },
            },
            "log": { "level": "error" },
        })
    }

    /// Connects the clients.
    pub async fn connect(peers: &impl ClientUrl, count: usize) -> Self {
        let mut sockets = Vec::with_capacity(count);
        for _ in 0..count {
            let mut socket = Socket::open(peers, &[]).await;
            let reply = socket.command(json!({ "connect": {} })).await;
            assert!(reply.contains("client"), "{reply}");
            sockets.push(socket);
        }
        Self(sockets)
    }

    /// Sends rpcs for the given time and checks that each answer carries its data.
    pub async fn round(&mut self, data: &str, time: Duration) -> Round {
        let start = Instant::now();
        let tasks: Vec<_> = self
            .0
            .drain(..)
            .map(|socket| tokio::spawn(call_until(socket, data.to_owned(), start, time)))
            .collect();
        let mut round = Round::default();
        for task in tasks {
            let (socket, latencies) = task.await.expect("a client");
            self.0.push(socket);
            round.latencies.extend(latencies);
        }
        round.elapsed = start.elapsed();
        round
    }
}

async fn call_until(mut socket: Socket, data: String, start: Instant, time: Duration) -> (Socket, Vec<u32>) {
    let mut latencies = Vec::new();
    while start.elapsed() < time {
        let sent = Instant::now();
        let reply = socket.rpc("echo", &data).await;
        latencies.push(u32::try_from(sent.elapsed().as_nanos()).unwrap_or(u32::MAX));
        assert!(reply.contains(&data), "{reply}");
    }
    (socket, latencies)
}
