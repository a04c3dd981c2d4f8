//! Centrifugo's APIs with `error_mode: transport`, which reports errors as statuses.

mod support;

use std::time::{Duration, Instant};

use centrifugo::api::{Delivery, Error, ErrorKind};
use serde_json::json;
use support::api::{ApiTransport, setup};

#[tokio::test(flavor = "multi_thread")]
async fn keeps_error_codes_and_does_not_retry() {
    const LIMIT: Duration = Duration::from_secs(30);
    let stack = setup(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({
            "grpc_api": { "error_mode": "transport" },
            "http_api": { "error_mode": "transport" },
        }))
        .start();
    for way in ApiTransport::ALL {
        let api = way.client(&stack).timeout(LIMIT).build().expect("a client");
        let start = Instant::now();
        let keyed = async |channel: &str| {
            let call = api.publish(channel, &1).idempotency_key("k");
            call.await.expect_err("refused")
        };
        let errors: [(Error, u32); 5] = [
            (keyed("nowhere:1").await, 102),
            (keyed("").await, 107),
            (api.history("bare:1").await.expect_err("no history"), 108),
            (api.history_remove("bare:1").await.expect_err("no history"), 108),
            (
                api.history("room:1")
                    .since(10, "another epoch")
                    .limit(3)
                    .await
                    .expect_err("another epoch"),
                112,
            ),
        ];
        for (error, code) in errors {
            assert_eq!(
                (error.kind(), error.delivery(), error.code()),
                (ErrorKind::Answered, Delivery::Refused, Some(code)),
                "{way:?}: {error}"
            );
            assert!(!error.is_temporary(), "{error}");
        }
        assert!(start.elapsed() < LIMIT, "{way:?}: calls were repeated");
        api.publish("room:1", &1).await.expect("published");
    }
}
