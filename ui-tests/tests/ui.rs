//! What must not compile. The messages are those of the pinned toolchain.
//!
//! What must compile is in `tests/pass`: each program is a test of its own.

#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("tests/fail/*.rs");
}
