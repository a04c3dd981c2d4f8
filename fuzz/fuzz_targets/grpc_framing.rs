//! The messages in the body of a call of gRPC.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::grpc_framing(bytes);
});
