//! The headers of a gRPC call, up to the metadata that handlers receive.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::grpc_metadata(bytes);
});
