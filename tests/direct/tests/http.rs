//! Every kind of event and every kind of failure in Centrifugo's JSON proxy protocol over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::Duration;

use support::Program;
use support::http_client::{HttpConnection, post, send};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[tokio::test(flavor = "multi_thread")]
async fn answers_every_kind_of_event() {
    let program = Program::start(&[]);
    let address = program.http.unwrap();
    for (path, body, expected) in [
        (
            "connect",
            r#"{"client":"c1","transport":"websocket","protocol":"json","encoding":"json","data":{},"channels":["a"]}"#,
            r#"{"result":{"user":"42","info":2,"data":{"big":1152921504606846977,"one":1.0},"channels":["news"],"subs":{"chat:1":{"override":{"presence":{"value":true}}}}}}"#,
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
            r#"{"result":{"data":{"b": 1.0, "a":1e2},"tags":{"by":"us"}}}"#,
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
async fn passes_data_unchanged() {
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
async fn encodes_binary_data_in_base64() {
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
async fn passes_meta_and_headers() {
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
async fn reports_a_header_that_is_not_utf8() {
    let program = Program::start(&[]);
    for (header, expected) in [
        (&b""[..], r#"["absent",[]]"#),
        (
            b"x-name: caf\xe9\r\n",
            r#"["the value of the metadata is not UTF-8",[[99,97,102,233]]]"#,
        ),
        (
            b"x-name: caf\xc3\xa9\r\n",
            "[\"caf\u{e9}\",[[99,97,102,195,169]]]",
        ),
    ] {
        let mut connection = HttpConnection::open(program.http.unwrap()).await;
        let body = r#"{"method":"header","data":"x-name"}"#;
        let head = format!(
            "POST /centrifugo/rpc HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        let request = [head.as_bytes(), header, b"\r\n", body.as_bytes()].concat();
        connection.send(&request).await;
        let (_, answer) = connection.response().await;
        assert_eq!(answer, format!(r#"{{"result":{{"data":{expected}}}}}"#));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_content_types_that_need_no_cors_preflight() {
    let program = Program::start(&[]);
    let body = r#"{"method":"echo","data":1}"#;
    let mut connection = HttpConnection::open(program.http.unwrap()).await;
    for (content_type, status) in [
        (None, 415),
        (Some("text/plain"), 415),
        (Some("text/plain; application/json"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some("multipart/form-data; boundary=x"), 415),
        (Some("application/json; charset=utf-8"), 200),
        (Some("Application/JSON"), 200),
    ] {
        connection.request("/centrifugo/rpc", content_type, body).await;
        assert_eq!(connection.response().await.0, status, "{content_type:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_too_many_and_too_long_headers() {
    let program = Program::start(&[]);
    let body = br#"{"method":"echo","data":1}"#;
    let post = async |headers: &[(&str, &str)]| {
        send(program.http.unwrap(), "POST", "/centrifugo/rpc", headers, body)
            .await
            .0
    };
    assert_eq!(post(&[("x-a", "1"); 200]).await, 200);
    assert_eq!(post(&[("x-a", "1"); 300]).await, 431);
    let long = "v".repeat(32_000);
    assert_eq!(post(&[("x-a", long.as_str())]).await, 200);
    assert_eq!(post(&[("x-a", long.as_str()); 3]).await, 431);
}

/// hyper closes a connection whose request body was not read, without `connection: close` in the response. The next
/// request on it would fail with a broken pipe.
#[tokio::test(flavor = "multi_thread")]
async fn keeps_the_connection_of_a_refused_request_or_announces_its_close() {
    let secret = [("WORKER_SECRET_KEY", "x-key"), ("WORKER_SECRET_VALUE", "s3cret")];
    for (env, path, content_type, status) in [
        (&[][..], "/centrifugo/nowhere", "application/json", 404),
        (&[], "/centrifugo/rpc", "text/plain", 415),
        (&secret, "/centrifugo/rpc", "application/json", 401),
    ] {
        let program = Program::start(env);
        for len in [0, 1, 1_000, 100_000, 5_000_000] {
            let mut connection = HttpConnection::open(program.http.unwrap()).await;
            let head = format!(
                "POST {path} HTTP/1.1\r\nhost: here\r\ncontent-type: {content_type}\r\ncontent-length: {len}\r\n\r\n"
            );
            connection.send(head.as_bytes()).await;
            // A client may send the body later than the headers.
            tokio::time::sleep(Duration::from_millis(50)).await;
            if len <= 100_000 {
                connection.send(&vec![b'x'; len]).await;
            }
            let (head, _) = connection.response_with_head().await;
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{len}: {head}");
            if head.contains("connection: close") {
                assert!(len > 100_000, "{len}: {head}");
                continue;
            }
            assert!(len <= 100_000, "{len}: {head}");
            connection
                .request("/centrifugo/rpc", Some("application/json"), "{}")
                .await;
            connection.response().await;
        }
    }
}

/// Sends valid and invalid requests one after the other on one connection.
#[tokio::test(flavor = "multi_thread")]
async fn reuses_a_connection_after_any_body() {
    let program = Program::start(&[("RUST_LOG", "error")]);
    let mut connection = HttpConnection::open(program.http.unwrap()).await;
    let paths = [
        "/centrifugo/rpc",
        "/centrifugo/nowhere",
        "/",
        "/centrifugo/connect",
    ];
    let types = [Some("application/json"), Some("text/plain"), None];
    for number in 0..2_000_usize {
        let body = "{[\"x".repeat(number * 7919 % 3_000);
        let (path, content_type) = (paths[number % 4], types[number % 3]);
        connection.request(path, content_type, &body).await;
        let (head, _) = connection.response_with_head().await;
        assert!(!head.contains("connection: close"), "{number}: {head}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_with_errors_and_disconnects() {
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
async fn refuses_an_unreadable_body() {
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
        notes.contains("invalid Some(Rpc): the body is not a request of kind `rpc`"),
        "{notes}"
    );
    assert_eq!(send(address, "GET", "/centrifugo/rpc", &[], b"").await.0, 405);
    assert_eq!(post(address, "/centrifugo/nowhere", "{}").await.0, 404);
    let not_utf8 = send(address, "POST", "/centrifugo/rpc", &[], b"{\"method\":\"\xff\"}").await;
    assert_eq!(not_utf8.0, 400);
    assert_eq!(rpc(&program, r#""method":"echo","data":1"#).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn closes_a_connection_whose_calls_have_the_wrong_method() {
    let program = Program::start(&[]);
    let mut peer = tokio::net::TcpStream::connect(program.http.unwrap())
        .await
        .unwrap();
    let mut answered = 0;
    let mut buffer = [0; 4096];
    for _ in 0..300 {
        let sent = peer
            .write_all(b"GET /centrifugo/rpc HTTP/1.1\r\nhost: x\r\n\r\n")
            .await;
        match peer.read(&mut buffer).await {
            Ok(1..) if sent.is_ok() => answered += 1,
            _ => break,
        }
    }
    assert!((200..=256).contains(&answered), "{answered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_http_alone_under_a_prefix() {
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
