//! Decoding of answers of RoadRunner's RPC.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::rpc_codec(bytes);
});
