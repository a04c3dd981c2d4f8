//! The message framing in the body of a gRPC call.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::grpc_framing(bytes);
});
