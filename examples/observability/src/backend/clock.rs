//! A stream of publications.

use std::time::Duration;

use centrifugo::reply::{self, Publication};
use tokio_stream::StreamExt as _;

#[centrifugo::subscribe_stream(channel = "clock:seconds")]
fn clock() -> reply::Stream {
    let seconds = tokio_stream::iter(0u64..)
        .throttle(Duration::from_secs(1))
        .map(|second| Publication::json(&second));
    reply::Stream::new(reply::Subscribe::allow(), seconds)
}
