//! What the console's page asks for.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use centrifugo_proto::proxy::{Publication, StreamSubscribeRequest, SubscribeRequest};
use prost::Message as _;
use serde_json::{Value, json};

use crate::client::EventClient;
use crate::project::Project;
use crate::session::{Session, raw_request};

#[tokio::test(flavor = "multi_thread")]
async fn shows_sends_and_saves_events() {
    let project = Project::new("console");
    let real = project.build();
    let record = project.path("recorded.jsonl");
    let session = Session::start(
        &project,
        &[
            "--executable",
            real.to_str().unwrap(),
            "--record",
            record.to_str().unwrap(),
        ],
    );
    session.wait_for_phase("ready");
    let description = session.get("/api/description");
    assert_eq!(description["handlers"].as_array().unwrap().len(), 6);

    let findings = session.get("/api/check")["findings"].clone();
    assert!(findings.is_array(), "{findings}");

    let answer = session.post("/api/send", &json!({ "kind": "rpc", "method": "version" }));
    assert_eq!(
        (&answer["answer"], &answer["outcome"]),
        (&json!({ "result": { "data": 1 } }), &json!("ok"))
    );
    let answer = session.post(
        "/api/send",
        &json!({ "kind": "rpc", "method": "fail", "user": "42", "headers": { "X-A": "b" } }),
    );
    assert_eq!(answer["answer"]["error"]["code"], 100);
    let log = answer["log"].to_string();
    assert!(
        log.contains("no row") && log.contains("a line of the handler"),
        "{log}"
    );
    let answer = session.post(
        "/api/send",
        &json!({ "kind": "rpc", "method": "slow", "timeout_ms": 100 }),
    );
    assert_eq!(answer["outcome"], "timeout");
    let answer = session.post("/api/send", &json!({ "kind": "connect" }));
    assert_eq!(answer["outcome"], "ok");
    // The program has no handler for it, and says so with the status of a proxy that cannot be reached.
    let answer = session.post("/api/send", &json!({ "kind": "refresh" }));
    assert_eq!(
        (&answer["outcome"], &answer["answer"]["status"]["code"]),
        (&json!("refused"), &json!(14)),
        "{answer}"
    );
    for wrong in [
        json!({ "kind": "nothing" }),
        json!([]),
        json!({ "kind": "rpc", "headers": { "te": "x" } }),
    ] {
        let (status, answer) = session.request("POST", "/api/send", &wrong.to_string());
        assert_eq!(status, 400);
        assert!(answer["error"].is_string(), "{answer}");
    }

    // An event of a client, with its headers.
    let client = EventClient::connect(session.proxy()).await;
    client.rpc("version").await.unwrap();
    let events = read_events(&session, |events| {
        events
            .iter()
            .any(|event| event["type"] == "event" && event["source"].is_null())
    });
    let event = events
        .iter()
        .find(|event| event["type"] == "event" && event["source"].is_null())
        .unwrap();
    assert_eq!(
        event["headers"],
        json!({ "x-tenant": ["a"], "cookie": ["session=1"] })
    );
    assert_eq!(
        (&event["user"], &event["pattern"], &event["answer"]),
        (
            &json!("42"),
            &json!("version"),
            &json!({ "result": { "data": 1 } })
        )
    );
    assert!(event["duration_us"].as_u64().unwrap() > 0);
    let id = event["id"].clone();

    let saved = session.post(
        "/api/recording",
        &json!({ "ids": [id, 999_999], "path": "one.jsonl" }),
    );
    assert_eq!(saved["events"], 1);
    let line = std::fs::read_to_string(project.path("one.jsonl")).unwrap();
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        line["request"],
        json!({ "client": "client", "protocol": "json", "encoding": "json", "user": "42", "method": "version" })
    );
    // Cookies are secrets.
    assert_eq!(line["metadata"], json!({ "x-tenant": ["a"] }));
    assert_eq!(line["answer"], json!({ "result": { "data": 1 } }));
    // A file that exists is not overwritten, and no file outside of the project is written.
    for path in ["one.jsonl", "../two.jsonl", "/tmp/two.jsonl"] {
        let body = json!({ "ids": [id], "path": path }).to_string();
        assert_eq!(session.request("POST", "/api/recording", &body).0, 400, "{path}");
    }
    // A caller that does not wait for the answer. What the program would have answered is not known.
    let limit = Duration::from_millis(200);
    assert!(tokio::time::timeout(limit, client.rpc("slow")).await.is_err());
    session.wait_for_log("events that are not in the recording: 1 (the program did not answer)");
    let recorded = std::fs::read_to_string(&record).unwrap();
    let kinds: Vec<_> = recorded
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["kind"].clone())
        .collect();
    assert_eq!(kinds, ["rpc", "rpc", "rpc", "connect", "refresh", "rpc"]);
    assert!(session.output().lines().any(|line| line.contains("failed 100")));
}

#[tokio::test(flavor = "multi_thread")]
async fn records_no_status_of_its_own() {
    let project = Project::new("unrecorded");
    let record = project.path("recorded.jsonl");
    let record_text = record.to_str().unwrap();
    let session = Session::start(&project, &["--executable", "/nowhere", "--record", record_text]);
    let client = EventClient::connect(session.proxy()).await;
    assert_eq!(client.rpc("version").await, Err("14".to_owned()));
    session.wait_for_log("events that are not in the recording: 1 (the program did not answer)");
    let answer = session.post("/api/send", &json!({ "kind": "refresh" }));
    assert_eq!(answer["outcome"], "failed", "{answer}");
    assert_eq!(std::fs::read_to_string(&record).unwrap(), "");
}

#[test]
fn refuses_other_sites_and_requests_without_the_token() {
    let project = Project::new("sites");
    let session = Session::start(&project, &["--executable", "/nowhere"]);
    let (address, token) = session.console();
    let port = address.port();
    let status = |head: &str| raw_request(address, head, "").0;
    let own = format!("host: 127.0.0.1:{port}\r\n");
    let with_token = format!("authorization: Bearer {token}\r\n");
    assert_eq!(status(&format!("GET / HTTP/1.1\r\n{own}")), 200);
    assert_eq!(
        status(&format!("GET /api/state HTTP/1.1\r\n{own}{with_token}")),
        200
    );
    let origin = format!("origin: http://127.0.0.1:{port}\r\n");
    assert_eq!(
        status(&format!("GET /api/state HTTP/1.1\r\n{own}{with_token}{origin}")),
        200
    );
    // No token, or another one.
    assert_eq!(status(&format!("GET /api/state HTTP/1.1\r\n{own}")), 401);
    assert_eq!(status(&format!("GET /api/state?token=x HTTP/1.1\r\n{own}")), 401);
    // Names of other sites that lead to this address, and pages of other sites.
    for head in [
        format!("host: evil.example:{port}\r\n{with_token}"),
        format!("host: 127.0.0.1\r\n{with_token}"),
        format!("{own}{with_token}origin: http://evil.example\r\n"),
        format!("{own}{with_token}origin: http://localhost:1\r\n"),
        format!("{own}{with_token}origin: null\r\n"),
    ] {
        for path in ["/", "/api/state"] {
            assert_eq!(status(&format!("GET {path} HTTP/1.1\r\n{head}")), 403, "{head}");
        }
    }
    // Pages connect only to this machine.
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET / HTTP/1.1\r\n{own}connection: close\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let policy = lines
        .find_map(|line| line.strip_prefix("content-security-policy: ").map(str::to_owned))
        .unwrap();
    assert!(
        policy.contains("; connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*; "),
        "{policy}"
    );
    // Without a program there is no description.
    assert_eq!(session.request("GET", "/api/description", "").0, 404);
    let state = session.wait_for_phase("failed");
    assert!(state["problems"][0]["message"].is_string(), "{state}");
}

const STREAMS: &str = r#"
use centrifugo::extract::Incoming;
use centrifugo::reply::{self, Publication};
use tokio_stream::StreamExt as _;

#[centrifugo::subscribe_stream(channel = "count:{last}")]
fn count(last: u64) -> reply::Stream {
    let numbers = tokio_stream::iter(1..=last).map(|number| Publication::json(&number));
    reply::Stream::new(reply::Subscribe::allow(), numbers)
}

#[centrifugo::subscribe_stream(channel = "echo")]
fn echo(incoming: Incoming) -> reply::Stream {
    let echoed = incoming.map(|publication| Publication::bytes(publication.data.into_bytes()));
    reply::Stream::new(reply::Subscribe::allow(), echoed)
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn shows_streams_in_both_directions() {
    let project = Project::new("streams");
    project.write("src/main.rs", STREAMS);
    let real = project.build();
    let session = Session::start(&project, &["--executable", real.to_str().unwrap()]);
    session.wait_for_phase("ready");
    let answer = session.post(
        "/api/send",
        &json!({ "kind": "subscribe_stream", "channel": "count:3", "user": "42" }),
    );
    assert_eq!(answer["answer"], json!({ "result": {} }), "{answer}");
    let is_end = |event: &&Value| event["direction"] == "end";
    let events = read_events(&session, |events| events.iter().any(|event| is_end(&event)));
    let messages = stream_messages(&events);
    assert_eq!(
        messages,
        json!([
            ["to_client", 1],
            ["to_client", 2],
            ["to_client", 3],
            ["end", null]
        ])
    );
    let event = events.iter().find(|event| event["type"] == "event").unwrap();
    assert_eq!(
        (&event["channel"], &event["handler"], &event["two_way"]),
        (
            &json!("count:3"),
            &json!("dev_test_streams::count"),
            &json!(false)
        )
    );

    // Both directions, as Centrifugo sends them.
    let opening = StreamSubscribeRequest {
        subscribe_request: Some(SubscribeRequest {
            channel: "echo".into(),
            user: "7".into(),
            ..Default::default()
        }),
        publication: None,
    };
    let publication = StreamSubscribeRequest {
        subscribe_request: None,
        publication: Some(Publication {
            data: "\"hello\"".into(),
            ..Default::default()
        }),
    };
    let client = EventClient::connect(session.proxy()).await;
    let messages = [opening.encode_to_vec(), publication.encode_to_vec()];
    let body = client.call("SubscribeBidirectional", &messages).await.unwrap();
    assert!(body.ends_with(b"\"hello\""), "{body:?}");
    let events = read_events(&session, |events| events.iter().filter(is_end).count() == 2);
    let echoed = events.iter().rfind(|event| event["type"] == "event").unwrap();
    assert_eq!(
        (&echoed["user"], &echoed["channel"], &echoed["two_way"]),
        (&json!("7"), &json!("echo"), &json!(true))
    );
    let of_echo: Vec<_> = events
        .iter()
        .filter(|event| event["id"] == echoed["id"])
        .cloned()
        .collect();
    let mut messages = stream_messages(&of_echo).as_array().unwrap().clone();
    messages.sort_by_key(Value::to_string);
    assert_eq!(
        Value::from(messages),
        json!([["end", null], ["from_client", "hello"], ["to_client", "hello"]])
    );
}

fn stream_messages(events: &[Value]) -> Value {
    events
        .iter()
        .filter(|event| event["type"] == "stream")
        .map(|event| json!([event["direction"], event["data"]]))
        .collect()
}

/// Reads server-sent events until they are enough.
fn read_events(session: &Session, is_enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let (address, token) = session.console();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(
        stream,
        "GET /api/events?token={token} HTTP/1.1\r\nhost: {address}\r\n\r\n"
    )
    .unwrap();
    let mut events = Vec::new();
    for line in BufReader::new(stream).lines() {
        if let Some(data) = line.unwrap().strip_prefix("data: ") {
            events.push(serde_json::from_str(data).unwrap());
            if is_enough(&events) {
                return events;
            }
        }
    }
    panic!("the stream has ended: {events:#?}")
}
