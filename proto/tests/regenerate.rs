//! The code that is checked in is what the .proto files give.

use std::fs;
use std::path::Path;

#[test]
fn generated_code_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    fs::create_dir_all(&out).unwrap();
    for name in ["proxy", "api"] {
        let files =
            protox::compile([root.join(format!("proto/{name}.proto"))], [root.join("proto")]).unwrap();
        prost_build::Config::new()
            .bytes(["."])
            .btree_map(["."])
            .out_dir(&out)
            .compile_fds(files)
            .unwrap();
        let fresh = fs::read_to_string(out.join(format!("centrifugal.centrifugo.{name}.rs"))).unwrap();
        let checked_in = root.join(format!("src/generated/{name}.rs"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&checked_in, &fresh).unwrap();
        }
        let current = fs::read_to_string(&checked_in).unwrap_or_default();
        assert!(
            fresh == current,
            "src/generated/{name}.rs is not what proto/{name}.proto gives: run `BLESS=1 cargo test -p centrifugo-proto --test regenerate`"
        );
    }
}
