//! Handlers, layers, streams, `Drop` implementations and shutdown functions that block their thread.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use centrifugo::event::Event;
use centrifugo::extract::Invalid;
use centrifugo::layer::{Next, Outcome};
use centrifugo::{Data, Json, Scoped, ServeError, Server, State, reply};
use tokio_stream::StreamExt as _;
use tower_layer::Layer;
use tower_service::Service;

fn block_forever() -> ! {
    loop {
        std::thread::park();
    }
}

fn spin_forever() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

struct LogsDrop(&'static str);

impl Drop for LogsDrop {
    fn drop(&mut self) {
        if std::env::var("DROP_BLOCKS").as_deref() == Ok(self.0) {
            block_forever();
        }
        eprintln!("dropped {}", self.0);
    }
}

struct Upper(LogsDrop);
struct Lower(LogsDrop);

#[centrifugo::state]
fn lower() -> Lower {
    eprintln!("building lower");
    std::thread::sleep(milliseconds_from_env("LOWER_TAKES_MS"));
    Lower(LogsDrop("lower"))
}

#[centrifugo::state]
fn upper(_lower: State<Lower>) -> Upper {
    Upper(LogsDrop("upper"))
}

#[centrifugo::shutdown]
fn shutdown(State(upper): State<Upper>) {
    if std::env::var_os("SHUTDOWN_BLOCKS").is_some() {
        block_forever();
    }
    eprintln!("shutdown of {}", upper.0.0);
}

#[centrifugo::invalid]
fn invalid(_: Invalid, State(lower): State<Lower>) {
    eprintln!("invalid with {}", lower.0.0);
    block_forever();
}

struct Blocked;

#[centrifugo::scoped]
fn blocked() -> Blocked {
    block_forever()
}

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("waits")]
async fn waits(Json(milliseconds): Json<u64>) -> Json<u64> {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    Json(milliseconds)
}

#[centrifugo::rpc("blocks", timeout = "200ms")]
fn blocks() {
    block_forever();
}

/// Blocks for the number of milliseconds in the request, which may be zero.
#[centrifugo::rpc("blocks-for", timeout = "200ms")]
fn blocks_for(Json(milliseconds): Json<u64>) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

#[centrifugo::rpc("blocks-later", timeout = "200ms")]
async fn blocks_later() {
    tokio::time::sleep(Duration::from_millis(20)).await;
    block_forever();
}

#[centrifugo::rpc("known-to-block", blocking, timeout = "200ms")]
fn known_to_block() {
    block_forever();
}

#[centrifugo::rpc("spins", timeout = "200ms")]
async fn spins() {
    spin_forever();
}

#[centrifugo::rpc("blocks-long", timeout = "60s")]
fn blocks_long() {
    eprintln!("blocks-long started");
    block_forever();
}

#[centrifugo::rpc("scoped-blocks", timeout = "200ms")]
async fn scoped_blocks(_blocked: Scoped<Blocked>) {}

#[centrifugo::rpc("layer-blocks", timeout = "200ms")]
fn layer_blocks() {}

#[centrifugo::rpc("drop-blocks", timeout = "200ms")]
async fn drop_blocks() {
    struct Blocks;
    impl Drop for Blocks {
        fn drop(&mut self) {
            block_forever();
        }
    }
    let _blocks = Blocks;
    std::future::pending::<()>().await;
}

#[centrifugo::subscribe_stream(channel = "handler-blocks", timeout = "200ms")]
fn stream_handler_blocks() -> reply::Stream {
    block_forever()
}

#[centrifugo::subscribe_stream(channel = "blocks", timeout = "200ms")]
fn stream_blocks() -> reply::Stream {
    let numbers = tokio_stream::iter(0..).map(|number| {
        if number == 1 {
            block_forever();
        }
        Json(number)
    });
    reply::Stream::new(reply::Subscribe::allow(), numbers)
}

/// A stream that is always ready and spends the given number of microseconds on each item.
#[centrifugo::subscribe_stream(channel = "spins:{microseconds}")]
fn stream_spins(microseconds: u64) -> reply::Stream {
    let numbers = tokio_stream::iter(0..u64::MAX).map(move |number| {
        let end = std::time::Instant::now() + Duration::from_micros(microseconds);
        while std::time::Instant::now() < end {
            std::hint::spin_loop();
        }
        Json(number)
    });
    reply::Stream::new(reply::Subscribe::allow(), numbers)
}

/// Blocks its thread when the event is a call of the method `layer-blocks`.
#[derive(Clone)]
struct BlockingLayer;

#[derive(Clone)]
struct BlockingService(Next);

impl Layer<Next> for BlockingLayer {
    type Service = BlockingService;

    fn layer(&self, next: Next) -> BlockingService {
        BlockingService(next)
    }
}

impl Service<Event> for BlockingService {
    type Response = Outcome;
    type Error = Infallible;
    type Future = <Next as Service<Event>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, event: Event) -> Self::Future {
        if event.target() == "layer-blocks" {
            block_forever();
        }
        self.0.call(event)
    }
}

fn milliseconds_from_env(variable: &str) -> Duration {
    let text = std::env::var(variable).unwrap_or_default();
    Duration::from_millis(text.parse().unwrap_or(0))
}

fn main() -> Result<(), ServeError> {
    let mut server = Server::from_env()?;
    if std::env::var_os("LAYER").is_some() {
        server = server.layer(BlockingLayer);
    }
    let mut runtime = match std::env::var("RUNTIME").as_deref() {
        Ok("current_thread") => tokio::runtime::Builder::new_current_thread(),
        Ok("multi_thread") => tokio::runtime::Builder::new_multi_thread(),
        _ => return server.run(),
    };
    let runtime = runtime.enable_all().build().expect("a runtime");
    runtime.block_on(server.serve())
}
