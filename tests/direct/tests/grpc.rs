//! Every event over gRPC, and every way to fail.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::proto::proxy::*;
use support::{Client, Program, rpc, seen};
use tonic::metadata::MetadataValue;
use tonic::{Code, Request};

#[tokio::test(flavor = "multi_thread")]
async fn every_event_has_its_answer() {
    let program = Program::start(&[]);
    let client = program.client().await;

    let connect: ConnectResponse = client
        .ask(
            "Connect",
            ConnectRequest {
                data: "{}".into(),
                ..Default::default()
            },
        )
        .await;
    let result = connect.result.unwrap();
    assert_eq!((result.user.as_str(), &result.info[..]), ("42", &b"2"[..]));
    assert_eq!(result.channels, ["news"]);

    let user = || "42".to_owned();
    let refresh: RefreshResponse = client
        .ask(
            "Refresh",
            RefreshRequest {
                user: user(),
                ..Default::default()
            },
        )
        .await;
    assert_eq!(refresh.result.unwrap().expire_at, 2_000_000_000);

    let subscribe: SubscribeResponse = client
        .ask(
            "Subscribe",
            SubscribeRequest {
                channel: "news:sport".into(),
                ..Default::default()
            },
        )
        .await;
    assert_eq!(&subscribe.result.unwrap().data[..], br#""sport""#);

    let publish: PublishResponse = client
        .ask(
            "Publish",
            PublishRequest {
                channel: "chat:1".into(),
                data: "1.0".into(),
                ..Default::default()
            },
        )
        .await;
    let result = publish.result.unwrap();
    assert_eq!(
        (&result.data[..], result.tags["by"].as_str()),
        (&b"1.0"[..], "us")
    );

    let sub_refresh: SubRefreshResponse = client
        .ask(
            "SubRefresh",
            SubRefreshRequest {
                user: user(),
                channel: "news:a".into(),
                ..Default::default()
            },
        )
        .await;
    assert_eq!(sub_refresh.result.unwrap().expire_at, 2_000_000_000);

    assert_eq!(
        seen(&client.rpc("echo", r#"{"a": [1.0]}"#).await.unwrap()),
        r#"{"a": [1.0]}"#
    );

    let state: NotifyChannelStateResponse = client
        .ask(
            "NotifyChannelState",
            NotifyChannelStateRequest {
                events: vec![ChannelEvent {
                    time_ms: 7,
                    channel: "c".into(),
                    r#type: "vacated".into(),
                }],
            },
        )
        .await;
    assert!(state.result.is_some());
    program.notes.wait_for("7 c vacated");

    let empty: NotifyCacheEmptyResponse = client
        .ask(
            "NotifyCacheEmpty",
            NotifyCacheEmptyRequest {
                channel: "cache:1".into(),
            },
        )
        .await;
    assert!(empty.result.unwrap().populated);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_and_disconnects() {
    let program = Program::start(&[]);
    let client = program.client().await;
    for (method, expected) in [
        ("internal", "error 100: internal server error (temporary)"),
        ("panic", "error 100: internal server error (temporary)"),
        ("busy", "error 1001: slow down (temporary)"),
        ("kicked", "disconnect 4000: come again"),
        ("nowhere", "error 104: method not found"),
    ] {
        assert_eq!(
            seen(&client.rpc(method, "null").await.unwrap()),
            expected,
            "{method}"
        );
    }
    let log = program.log.wait_for("a secret of the code");
    assert!(log.contains("a secret of the database"), "{log}");

    let refused: ConnectResponse = client
        .ask(
            "Connect",
            ConnectRequest {
                transport: "refused".into(),
                ..Default::default()
            },
        )
        .await;
    assert_eq!(refused.error.unwrap().code, 101);
    let banned: SubscribeResponse = client
        .ask(
            "Subscribe",
            SubscribeRequest {
                channel: "news:banned".into(),
                ..Default::default()
            },
        )
        .await;
    assert_eq!(banned.disconnect.unwrap().code, 4501);
    let unknown: PublishResponse = client
        .ask(
            "Publish",
            PublishRequest {
                channel: "elsewhere".into(),
                ..Default::default()
            },
        )
        .await;
    assert_eq!(unknown.error.unwrap().code, 103);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_fails_is_a_status_and_one_that_refuses_expires() {
    let program = Program::start(&[]);
    let client = program.client().await;
    let refresh = |user: &str| RefreshRequest {
        user: user.into(),
        ..Default::default()
    };
    let status = client
        .call::<_, RefreshResponse>("Refresh", Request::new(refresh("internal")))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(!status.message().contains("database"), "{status}");
    let refused: RefreshResponse = client.ask("Refresh", refresh("refused")).await;
    assert!(refused.result.unwrap().expired);
    let sub = SubRefreshRequest {
        user: "internal".into(),
        channel: "news:a".into(),
        ..Default::default()
    };
    let status = client
        .call::<_, SubRefreshResponse>("SubRefresh", Request::new(sub))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_read_is_an_invalid_argument() {
    let program = Program::start(&[]);
    let client = program.client().await;
    // A number stands where an rpc has the client's id.
    let other = Int32Value { value: 5 };
    let status = client
        .call::<_, RpcResponse>("RPC", Request::new(other))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(
        status.message().contains("not a request of kind `rpc`"),
        "{status}"
    );
    let notes = program.notes.wait_for("invalid");
    assert!(
        notes.contains("invalid Some(Rpc): the body is not a request"),
        "{notes}"
    );

    for method in ["SubscribeUnidirectionally", "rpc", "", "RPC/"] {
        let status = client
            .call::<_, RpcResponse>(method, Request::new(rpc("echo", "1")))
            .await
            .unwrap_err();
        assert_eq!(status.code(), Code::Unimplemented, "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_over_the_limit_is_refused_and_the_next_one_is_not() {
    let program = Program::start(&[("WORKER_MAX_FRAME_LEN", "100000")]);
    let client = program.client().await;
    let long = format!("\"{}\"", "x".repeat(200_000));
    for gzip in [false, true] {
        let mut request = Request::new(rpc("echo", &long));
        if gzip {
            request
                .metadata_mut()
                .insert("x-gzip", MetadataValue::from_static("1"));
        }
        let status = client.call::<_, RpcResponse>("RPC", request).await.unwrap_err();
        assert!(
            matches!(status.code(), Code::OutOfRange | Code::ResourceExhausted),
            "{status}"
        );
    }
    let fits = format!("\"{}\"", "x".repeat(90_000));
    assert_eq!(seen(&client.rpc("echo", &fits).await.unwrap()), fits);
}

#[tokio::test(flavor = "multi_thread")]
async fn gzip_is_accepted() {
    let program = Program::start(&[]);
    let client = program.client().await;
    let text = format!("\"{}\"", "x".repeat(100_000));
    let mut request = Request::new(rpc("echo", &text));
    request
        .metadata_mut()
        .insert("x-gzip", MetadataValue::from_static("1"));
    assert_eq!(
        seen(&client.call::<_, RpcResponse>("RPC", request).await.unwrap()),
        text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_arrives_in_its_order_without_what_belongs_to_the_call() {
    let program = Program::start(&[]);
    let client = program.client().await;
    let mut request = Request::new(rpc("headers", "null"));
    request.set_timeout(Duration::from_secs(5));
    for (key, value) in [
        ("x-tenant", "a"),
        ("type", "connect"),
        ("x-tenant", "b"),
        ("cookie", "c=1"),
    ] {
        request
            .metadata_mut()
            .append(key, MetadataValue::from_static(value));
    }
    request
        .metadata_mut()
        .insert_bin("x-raw-bin", MetadataValue::from_bytes(b"\x00\x01"));
    let answer = client.call::<_, RpcResponse>("RPC", request).await.unwrap();
    let headers: Vec<(String, Vec<String>)> = serde_json::from_str(&seen(&answer)).unwrap();
    let headers: Vec<_> = headers
        .iter()
        .filter(|(key, _)| key != "user-agent")
        .map(|(key, values)| format!("{key}: {}", values.join(", ")))
        .collect();
    // Binary metadata is in base64.
    assert_eq!(headers, ["cookie: c=1", "x-raw-bin: AAE", "x-tenant: a, b"]);
}

async fn timed(client: &Client, method: &str, timeout: Duration) -> (Result<String, Code>, Duration) {
    let mut request = Request::new(rpc(method, "null"));
    request.set_timeout(timeout);
    let start = Instant::now();
    let answer = client.call::<_, RpcResponse>("RPC", request).await;
    (
        answer.map(|answer| seen(&answer)).map_err(|status| status.code()),
        start.elapsed(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shorter_of_both_limits_counts() {
    let program = Program::start(&[]);
    let client = program.client().await;
    let internal = Ok("error 100: internal server error (temporary)".to_owned());
    let (answer, took) = timed(&client, "hang", Duration::from_secs(5)).await;
    assert_eq!(answer, internal);
    assert!(
        took > Duration::from_millis(90) && took < Duration::from_secs(1),
        "{took:?}"
    );
    // The caller's deadline: the answer comes just before it.
    let (answer, took) = timed(&client, "wait", Duration::from_millis(400)).await;
    assert_eq!(answer, internal);
    assert!(
        took > Duration::from_millis(350) && took < Duration::from_millis(400),
        "{took:?}"
    );
    program.notes.wait_for("wait dropped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_leaves_ends_the_handler() {
    let program = Program::start(&[]);
    let client = program.client().await;
    let call = tokio::spawn(async move { client.rpc("wait", "null").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!program.notes.text().contains("wait dropped"));
    call.abort();
    program.notes.wait_for("wait dropped");
}
