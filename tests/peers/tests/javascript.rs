//! centrifuge-js, the client that most users have.

use std::path::Path;
use std::process::Command;

use peers::{Reach, Setup};

#[tokio::test(flavor = "multi_thread")]
async fn centrifuge_js_connects_subscribes_publishes_and_calls() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
    if !folder.join("node_modules/centrifuge").exists() {
        let status = Command::new("npm")
            .current_dir(&folder)
            .args(["ci", "--no-audit", "--no-fund"])
            .status()
            .expect("this test needs Node.js 20 or newer, with npm (https://nodejs.org)");
        assert!(status.success(), "`npm ci` failed");
    }
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend")).start();
    let output = Command::new("node")
        .current_dir(&folder)
        .args(["client.mjs", &stack.url()])
        .output()
        .expect("this test needs Node.js 20 or newer (https://nodejs.org)");
    let seen = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{seen}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let expected = r#"connected {"tenant":[],"type":0}
rpc {"n":1152921504606846976,"e":{}}
rpc error 1234 refused
rpc error 100 internal server error
subscribed "news:js for js"
publication {"by":"js","text":"hi"} {"room":"js"}
unsubscribed 103 permission denied
disconnected 4504 kicked
"#;
    // JavaScript's numbers end at 2^53: what it prints of 2^60 is what it read.
    assert_eq!(
        seen.replace("1152921504606847000", "1152921504606846976"),
        expected
    );
}
