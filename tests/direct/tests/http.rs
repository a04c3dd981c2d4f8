//! Centrifugo's proxy format over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use support::Program;
use support::http::{post, send};

#[tokio::test(flavor = "multi_thread")]
async fn every_event_has_its_answer() {
    let program = Program::start(&[]);
    let address = program.http.unwrap();
    for (path, body, expected) in [
        (
            "connect",
            r#"{"client":"c1","transport":"websocket","protocol":"json","encoding":"json","data":{},"channels":["a"]}"#,
            r#"{"result":{"user":"42","channels":["news"],"info":2,"data":{"big":1152921504606846977,"one":1.0},"subs":{"chat:1":{"override":{"presence":{"value":true}}}}}}"#,
        ),
        (
            "refresh",
            r#"{"client":"c1","user":"42"}"#,
            r#"{"result":{"expire_at":2000000000}}"#,
        ),
        (
            "subscribe",
            r#"{"channel":"news:sport","user":"42","meta":null}"#,
            r#"{"result":{"data":"sport"}}"#,
        ),
        (
            "publish",
            r#"{"channel":"chat:1","user":"42","data":{"b": 1.0, "a":1e2}}"#,
            r#"{"result":{"tags":{"by":"us"},"data":{"b": 1.0, "a":1e2}}}"#,
        ),
        (
            "sub_refresh",
            r#"{"channel":"news:a","user":"42"}"#,
            r#"{"result":{"expire_at":2000000000}}"#,
        ),
        (
            "channel_events",
            r#"{"events":[{"time_ms":1700000000123,"channel":"c","type":"occupied"}]}"#,
            r#"{"result":{}}"#,
        ),
        (
            "cache_empty",
            r#"{"channel":"cache:1"}"#,
            r#"{"result":{"populated":true}}"#,
        ),
    ] {
        let answer = post(address, &format!("/centrifugo/{path}"), body).await;
        assert_eq!(answer, (200, expected.to_owned()), "{path}");
    }
    program.notes.wait_for("1700000000123 c occupied");
}

async fn rpc(program: &Program, fields: &str) -> (u16, String) {
    let body = format!(r#"{{"client":"c1","protocol":"json","user":"42",{fields}}}"#);
    post(program.http.unwrap(), "/centrifugo/rpc", &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn data_stays_character_by_character() {
    let program = Program::start(&[]);
    for data in [
        "1.0",
        "null",
        "1152921504606846977",
        "-0",
        "1e400",
        r#"{"a": [ 1 ], "a": 2}"#,
        r#""\u003c\ud83d\ude00<é""#,
        "[[[[]]]]",
    ] {
        let answer = rpc(&program, &format!(r#""method":"echo","data":{data}"#)).await;
        assert_eq!(answer, (200, format!(r#"{{"result":{{"data":{data}}}}}"#)));
    }
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let (status, _) = rpc(&program, &format!(r#""method":"echo","data":{deep}"#)).await;
    assert!(status == 200 || status == 400, "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn binary_data_is_base_64() {
    let program = Program::start(&[]);
    let answer = post(
        program.http.unwrap(),
        "/centrifugo/rpc",
        r#"{"protocol":"protobuf","encoding":"binary","method":"echo","b64data":"AAEC/w=="}"#,
    )
    .await;
    assert_eq!(answer, (200, r#"{"result":{"b64data":"AAEC/w=="}}"#.into()));
    let answer = post(
        program.http.unwrap(),
        "/centrifugo/rpc",
        r#"{"protocol":"protobuf","method":"bytes"}"#,
    )
    .await;
    assert_eq!(answer, (200, r#"{"result":{"b64data":"AAEC/w=="}}"#.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn meta_and_headers_arrive() {
    let program = Program::start(&[]);
    let answer = rpc(&program, r#""method":"meta","meta":[1, 41],"labels":{"a":"b"}"#).await;
    assert_eq!(answer, (200, r#"{"result":{"data":42}}"#.into()));
    let (_, answer) = send(
        program.http.unwrap(),
        "POST",
        "/centrifugo/rpc",
        &[("X-Tenant", "a"), ("Cookie", "c=1"), ("x-tenant", "b")],
        br#"{"method":"headers"}"#,
    )
    .await;
    assert_eq!(
        answer,
        r#"{"result":{"data":[["cookie",["c=1"]],["x-tenant",["a","b"]]]}}"#
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_and_disconnects() {
    let program = Program::start(&[]);
    let internal = r#"{"error":{"code":100,"message":"internal server error","temporary":true}}"#;
    for (method, expected) in [
        (
            "busy",
            r#"{"error":{"code":1001,"message":"slow down","temporary":true}}"#,
        ),
        ("kicked", r#"{"disconnect":{"code":4000,"reason":"come again"}}"#),
        (
            "nowhere",
            r#"{"error":{"code":104,"message":"method not found"}}"#,
        ),
        ("internal", internal),
        ("panic", internal),
        ("hang", internal),
    ] {
        let answer = rpc(&program, &format!(r#""method":"{method}""#)).await;
        assert_eq!(answer, (200, expected.to_owned()), "{method}");
    }
    for (path, body) in [
        ("refresh", r#"{"user":"internal"}"#),
        ("sub_refresh", r#"{"user":"internal","channel":"news:a"}"#),
    ] {
        let (status, text) = post(program.http.unwrap(), &format!("/centrifugo/{path}"), body).await;
        assert_eq!(
            (status, text.contains("database")),
            (503, false),
            "{path}: {text}"
        );
    }
    let (status, body) = post(
        program.http.unwrap(),
        "/centrifugo/refresh",
        r#"{"user":"refused"}"#,
    )
    .await;
    assert_eq!((status, body.as_str()), (200, r#"{"result":{"expired":true}}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_read_is_refused() {
    let program = Program::start(&[("WORKER_MAX_FRAME_LEN", "10000")]);
    let address = program.http.unwrap();
    let long = format!(r#"{{"method":"echo","data":"{}"}}"#, "x".repeat(20_000));
    for (body, status, part) in [
        ("", 400, "EOF"),
        ("{", 400, "EOF"),
        ("[]", 400, "expected an object"),
        ("5", 400, "expected an object"),
        (r#"{"method":5}"#, 400, "expected a string"),
        (r#"{"method":"echo"} x"#, 400, "trailing"),
        (r#"{"method":"echo","data":{]}"#, 400, "line 1"),
        (r#"{"labels":[1]}"#, 400, "expected a map"),
        (&long, 413, "longer than 10000 bytes"),
    ] {
        let answer = post(address, "/centrifugo/rpc", body).await;
        assert_eq!(answer.0, status, "{body}: {}", answer.1);
        assert!(answer.1.contains(part), "{body}: {}", answer.1);
    }
    let notes = program.notes.wait_for("longer than");
    assert!(
        notes.contains("invalid Some(Rpc): the body is no message of kind `rpc`"),
        "{notes}"
    );
    assert_eq!(send(address, "GET", "/centrifugo/rpc", &[], b"").await.0, 405);
    assert_eq!(post(address, "/centrifugo/nowhere", "{}").await.0, 404);
    let not_utf8 = send(address, "POST", "/centrifugo/rpc", &[], b"{\"method\":\"\xff\"}").await;
    assert_eq!(not_utf8.0, 400);
    assert_eq!(rpc(&program, r#""method":"echo","data":1"#).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn http_alone_under_a_prefix() {
    let program = Program::start(&[("WORKER_LISTEN", "off"), ("WORKER_HTTP_PREFIX", "/hooks/")]);
    assert_eq!(program.grpc, None);
    let answer = post(
        program.http.unwrap(),
        "/hooks/rpc",
        r#"{"method":"echo","data":1}"#,
    )
    .await;
    assert_eq!(answer, (200, r#"{"result":{"data":1}}"#.into()));
}
