//! The clients of `data_shapes` in TypeScript and JavaScript. `tests/peers` compiles and runs them.
//!
//! Run with `BLESS=1` after a change, and read the difference.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::fs;
use std::path::Path;

use cargo_centrifugo::description::Description;
use cargo_centrifugo::typescript::{javascript_client, typescript_client};
use support::worker;

fn describe() -> Description {
    let output = worker("data_shapes")
        .env("WORKER_DESCRIBE", "json")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Description::parse(&String::from_utf8(output.stdout).unwrap()).unwrap()
}

#[test]
fn makes_the_clients_of_all_shapes_of_data() {
    let description = describe();
    let javascript = javascript_client(&description);
    for (name, text) in [
        ("data_shapes.ts", typescript_client(&description)),
        ("data_shapes.js", javascript.code),
        ("data_shapes.d.ts", javascript.declarations),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(expected == text, "{name} differs: run with BLESS=1");
    }
}

#[test]
fn makes_the_same_client_each_time() {
    let first = typescript_client(&describe());
    assert_eq!(first, typescript_client(&describe()));
    // A description whose lists have another order.
    let mut description = describe();
    description.handlers.reverse();
    if let Some(errors) = &mut description.errors {
        errors.reverse();
    }
    assert_eq!(first, typescript_client(&description));
}
