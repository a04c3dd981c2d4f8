//! The log as JSON lines, with the spans of events.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::net::SocketAddr;
use std::process::{Child, Command};

use serde_json::Value;
use support::command;
use support::http_client::post;
use test_support::Log;
use tokio::task::JoinSet;

/// A program whose standard error is a log of JSON lines.
struct JsonProgram {
    child: Child,
    log: Log,
    http: SocketAddr,
}

impl JsonProgram {
    fn start(env: &[(&str, &str)]) -> Self {
        let log = Log::new("stderr");
        let mut command: Command = command(env);
        command.env("WORKER_LOG", "json").stderr(log.create());
        let child = command.spawn().unwrap();
        let text = log.wait_for("HTTP on ");
        let address = text.split("HTTP on ").nth(1).unwrap();
        let end = address.find([',', '\\', ' ']).unwrap();
        Self {
            child,
            http: address[..end].parse().unwrap(),
            log,
        }
    }

    /// Waits for a line with this text. Returns all lines.
    fn lines(&self, text: &str) -> Vec<Value> {
        let text = self.log.wait_for(text);
        let (whole, _) = text.rsplit_once('\n').unwrap();
        // The messages of panics are not lines of the log.
        let lines = whole.lines().filter(|line| line.starts_with('{'));
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }

    async fn rpc(&self, method: &str) {
        let body = format!(r#"{{"client":"c1","user":"ann","method":"{method}","data":"secret data"}}"#);
        assert_eq!(post(self.http, "/centrifugo/rpc", &body).await.0, 200);
    }
}

impl Drop for JsonProgram {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the span of each answered event.
fn answered(lines: &[Value]) -> Vec<&Value> {
    let lines = lines.iter().filter(|line| line["message"] == "event answered");
    lines.map(|line| &line["spans"][0]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_events_with_their_spans_as_json() {
    let program = JsonProgram::start(&[("RUST_LOG", "centrifugo=debug")]);
    for method in [
        "echo",
        "busy",
        "kicked",
        "internal",
        "panic",
        "hang",
        "no \\\"such",
    ] {
        program.rpc(method).await;
    }
    let lines = program.lines(r#""outcome":"refused""#);
    let spans = answered(&lines);
    let outcomes: Vec<_> = lines
        .iter()
        .filter(|line| line["message"] == "event answered")
        .map(|line| line["fields"]["outcome"].as_str().unwrap())
        .collect();
    let expected = [
        "ok",
        "error:1001",
        "disconnect:4000",
        "internal",
        "panic",
        "timeout",
        "refused",
    ];
    assert_eq!(outcomes, expected);
    let first = spans[0].as_object().unwrap();
    for (key, value) in [
        ("name", "event"),
        ("kind", "rpc"),
        ("pattern", "echo"),
        ("handler", "echo"),
        ("method", "echo"),
        ("client", "c1"),
        ("user", "ann"),
        ("transport", "http"),
    ] {
        assert_eq!(first[key], value, "{key}");
    }
    assert!(!first.contains_key("channel"));
    assert!(
        lines
            .iter()
            .all(|line| line["time"].is_string() && line["level"].is_string())
    );
    assert!(!program.log.text().contains("secret data"));
}

/// Each thread enters the span of the event whose handler it polls or drops, and no other.
#[tokio::test(flavor = "multi_thread")]
async fn lines_of_handlers_are_in_the_span_of_their_event() {
    let program = JsonProgram::start(&[("RUST_LOG", "info,centrifugo::event=info")]);
    let methods = ["logs", "logs-block", "logs-hang"];
    let mut events = JoinSet::new();
    for user in 0..60 {
        let (http, method) = (program.http, methods[user % methods.len()]);
        events.spawn(async move {
            let body = format!(r#"{{"client":"c1","user":"{user}","method":"{method}"}}"#);
            assert_eq!(post(http, "/centrifugo/rpc", &body).await.0, 200);
        });
    }
    events.join_all().await;
    // A handler that is cancelled can be dropped after the answer is sent.
    program.log.wait_for_count(r#""message":"dropped""#, 60);
    program.rpc("internal").await;
    let lines = program.lines("handler failed");
    for (message, count) in [("started", 60), ("ending", 40), ("dropped", 60)] {
        let lines: Vec<_> = lines.iter().filter(|line| line["message"] == message).collect();
        assert_eq!(lines.len(), count, "{message}");
        for line in lines {
            let spans = line["spans"].as_array().unwrap();
            assert_eq!(spans.len(), 1, "{line}");
            assert_eq!(spans[0]["user"], line["fields"]["by"], "{line}");
        }
    }
    let failed = lines
        .iter()
        .find(|line| line["message"] == "handler failed")
        .unwrap();
    assert_eq!(failed["spans"].as_array().unwrap().len(), 1, "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_pseudonyms_or_no_ids() {
    let env = [("RUST_LOG", "centrifugo=debug"), ("WORKER_LOG_USER", "hash")];
    let program = JsonProgram::start(&env);
    program.rpc("echo").await;
    program.rpc("internal").await;
    let lines = program.lines(r#""outcome":"internal""#);
    let spans = answered(&lines);
    let user = spans[0]["user"].as_str().unwrap();
    assert!(user.starts_with('#') && user.len() == 17, "{user}");
    assert_eq!(spans[1]["user"], user);
    assert_ne!(spans[0]["client"], user);
    assert!(!program.log.text().contains("\"ann\"") && !program.log.text().contains("c1\""));

    let program = JsonProgram::start(&[env[0], ("WORKER_LOG_USER", "off")]);
    program.rpc("internal").await;
    let lines = program.lines(r#""outcome":"internal""#);
    let span = answered(&lines)[0].as_object().unwrap();
    assert!(
        !span.contains_key("user") && !span.contains_key("client"),
        "{span:?}"
    );
    assert!(!program.log.text().contains("c1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn has_no_spans_by_default() {
    let program = JsonProgram::start(&[("RUST_LOG", "info")]);
    program.rpc("echo").await;
    program.rpc("internal").await;
    let lines = program.lines("handler failed");
    assert!(answered(&lines).is_empty());
    let failed = lines
        .iter()
        .find(|line| line["message"] == "handler failed")
        .unwrap();
    assert_eq!(failed["fields"]["client"], "c1");
    assert!(failed.get("spans").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn compact_log_has_one_line_for_each_event() {
    let log = Log::new("stderr");
    let mut command: Command = command(&[("RUST_LOG", "centrifugo=debug"), ("WORKER_LOG", "compact")]);
    let mut child = command.stderr(log.create()).spawn().unwrap();
    let text = log.wait_for("centrifugo: HTTP on ");
    let (_, rest) = text.split_once("centrifugo: HTTP on ").unwrap();
    let http = rest.split([',', '\n']).next().unwrap().parse().unwrap();
    for method in ["echo", "busy", "internal"] {
        let body = format!(r#"{{"client":"c1","user":"ann","method":"{method}","data":"secret data"}}"#);
        assert_eq!(post(http, "/centrifugo/rpc", &body).await.0, 200);
    }
    let text = log.wait_for_count("event answered", 3);
    child.kill().unwrap();
    child.wait().unwrap();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("event answered"))
        .collect();
    assert_eq!(lines.len(), 3, "{text}");
    for (line, outcome) in lines.iter().zip(["ok", "error:1001", "internal"]) {
        // The fields of the span follow those of the event.
        for part in [
            "DEBUG ",
            "centrifugo::event",
            &format!("outcome={outcome}"),
            "handler=",
            "user=\"ann\"",
        ] {
            assert!(line.contains(part), "{part} is not in {line}");
        }
        assert!(!line.contains('\u{1b}'), "colours in a file: {line}");
    }
    assert!(!text.contains("secret data"));
}
