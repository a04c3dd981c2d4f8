//! The parser of patterns, and the look-up against a naive matcher.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::patterns(bytes);
});
