//! Encoding of token claims.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::token_claims(bytes);
});
