//! The pattern parser, and the look-up compared with a naive matcher.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    centrifugo::__private::fuzz::patterns(bytes);
});
