//! Decoding and encoding of the HTTP endpoint's JSON.

#![no_main]

use centrifugo::{Data, Json, reply};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("{method*}")]
fn any(method: String, Json(numbers): Json<Vec<i64>>) -> Json<(String, usize)> {
    Json((method, numbers.len()))
}

#[centrifugo::publish(channel = "*")]
fn publish(data: Data) -> reply::Publish {
    reply::Publish::allow().data_of(data)
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::http_json(bytes);
});
