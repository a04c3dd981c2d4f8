//! The same as a bare route of axum that reads and writes the same JSON.

#![allow(clippy::print_stdout, reason = "it prints where it listens")]

use std::io;

use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::net::TcpListener;

/// What Centrifugo says of an rpc.
#[derive(Deserialize)]
#[expect(dead_code, reason = "read, as a backend has to")]
struct Request {
    client: String,
    transport: String,
    protocol: String,
    encoding: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    method: String,
    data: Box<RawValue>,
}

#[derive(Serialize)]
struct Response {
    result: Answer,
}

#[derive(Serialize)]
struct Answer {
    data: Box<RawValue>,
}

async fn rpc(Json(request): Json<Request>) -> Json<Response> {
    let result = Answer { data: request.data };
    Json(Response { result })
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("HTTP on {}", listener.local_addr()?);
    let app = Router::new().route("/centrifugo/rpc", post(rpc));
    axum::serve(listener, app).await
}
