//! Arbitrary bytes as input of the frame codec and the worker loop.

#![no_main]

use centrifugo::{Data, Json, reply};

#[centrifugo::connect]
fn connect() -> reply::Connect {
    reply::Connect::anonymous()
}

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("{method*}")]
fn any(method: String, Json(numbers): Json<Vec<i64>>) -> Json<(String, usize)> {
    Json((method, numbers.len()))
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::worker(bytes);
});
