//! The `echo` handler as an axum route that reads and writes the same JSON.

#![allow(clippy::print_stdout, reason = "prints its address")]

use std::io;

use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::net::TcpListener;

/// The JSON of an rpc request.
#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded as in a real backend")]
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
