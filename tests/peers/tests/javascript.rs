//! The JavaScript client centrifuge-js.

mod support;

use peers::{ClientUrl, Setup, Transport, script};
use support::direct;

fn connects_subscribes_publishes_and_calls(peers: &impl ClientUrl) {
    let seen = script("client.mjs", &[&peers.url()]);
    let expected = r#"connected {"tenant":[],"type":0}
rpc {"n":1152921504606846976,"e":{}}
rpc error 1234 refused
rpc error 100 internal server error
subscribed "news:js for js"
publication {"by":"js","text":"hi"} {"room":"js"}
unsubscribed 103 permission denied
disconnected 4504 kicked
"#;
    // JavaScript prints 2^60 rounded, because its integers are exact only up to 2^53.
    assert_eq!(
        seen.replace("1152921504606847000", "1152921504606846976"),
        expected
    );
}

#[test]
fn serves_centrifuge_js_through_roadrunner() {
    connects_subscribes_publishes_and_calls(&Setup::new(env!("CARGO_BIN_EXE_backend")).start());
}

#[test]
fn serves_centrifuge_js_over_grpc_and_http() {
    for transport in [Transport::Grpc, Transport::Http] {
        let pair = direct::backend(env!("CARGO_BIN_EXE_backend"), transport).start();
        connects_subscribes_publishes_and_calls(&pair);
    }
}
