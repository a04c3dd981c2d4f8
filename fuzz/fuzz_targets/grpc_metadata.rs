//! The headers of a call of gRPC, up to the metadata that handlers see.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::grpc_metadata(bytes);
});
