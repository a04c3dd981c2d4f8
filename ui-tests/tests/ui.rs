//! What must and must not compile. The messages are those of the pinned toolchain.

#[test]
fn messages() {
    let tests = trybuild::TestCases::new();
    tests.pass("tests/pass/*.rs");
    tests.compile_fail("tests/fail/*.rs");
}
