//! The client of the page, which is made from the handlers.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_centrifugo::description::Description;
use cargo_centrifugo::typescript::javascript_client;

#[test]
fn is_what_the_handlers_give() {
    let output = Command::new(env!("CARGO_BIN_EXE_chat"))
        .env("WORKER_DESCRIBE", "json")
        .output()
        .unwrap();
    let description = Description::parse(&String::from_utf8(output.stdout).unwrap()).unwrap();
    let client = javascript_client(&description);
    for (name, text) in [("api.js", client.code), ("api.d.ts", client.declarations)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("page").join(name);
        assert!(
            fs::read_to_string(&path).unwrap() == text,
            "page/{name} differs: run `cargo run -p cargo-centrifugo -- client --package chat --out examples/chat/page/api.js`"
        );
    }
}
