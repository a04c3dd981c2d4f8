//! `cargo centrifugo replay` with real programs.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use support::{Folder, Printed, cargo_centrifugo, program, run};

fn tour() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| program("tour"))
}

/// Six events as the tour answers them. The connection of the first one expires at another time now.
const RECORDING: &str = concat!(
    r#"{"kind":"connect","request":{"client":"c1","transport":"sse","protocol":"json","encoding":"json","data":{"token":"t-ann"}},"metadata":{"grpc-accept-encoding":["gzip"],":authority":["a"]},"answer":{"result":{"user":"ann","expire_at":1700000000,"info":{"name":"ann","transport":"sse"}}},"at_ms":1}"#,
    "\n",
    r#"{"kind":"rpc","request":{"client":"c1","user":"ann","method":"square/12"},"metadata":{},"answer":{"result":{"data":144}},"at_ms":2}"#,
    "\n",
    r#"{"kind":"rpc","request":{"client":"c1","user":"ann","method":"tenant"},"metadata":{"x-tenant":["b"]},"answer":{"result":{"data":"b"}},"at_ms":3}"#,
    "\n",
    r#"{"kind":"subscribe","request":{"client":"c1","user":"mallory","channel":"news:1"},"metadata":{},"answer":{"disconnect":{"code":4501,"reason":"you are banned"}},"at_ms":4}"#,
    "\n",
    r#"{"kind":"refresh","request":{"client":"c1","user":"eve"},"metadata":{},"answer":{"status":{"code":14,"message":"temporary failure"}},"at_ms":5}"#,
    "\n",
    r#"{"kind":"rpc","request":{"client":"c1","method":"echo","b64data":"AP8=","protocol":"protobuf"},"metadata":{},"answer":{"result":{"b64data":"AP8="}},"at_ms":6}"#,
    "\n",
);

fn every_kind() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| program("every_kind"))
}

fn replay(recording: &str, arguments: &[&str]) -> Printed {
    replay_with(tour(), recording, arguments)
}

fn replay_with(program: &Path, recording: &str, arguments: &[&str]) -> Printed {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording.jsonl");
    std::fs::write(&file, recording).unwrap();
    let mut command = cargo_centrifugo();
    command
        .arg("replay")
        .arg(&file)
        .args(arguments)
        .arg("--executable")
        .arg(program);
    run(&mut command)
}

#[test]
fn finds_no_change_where_there_is_none() {
    let printed = replay(RECORDING, &["--check"]);
    assert_eq!(printed.stdout, "6 events, 0 answers changed\n", "{printed:?}");
    assert_eq!(printed.code, Some(0));
}

#[test]
fn prints_exactly_the_answers_that_changed() {
    let before = RECORDING
        .replace(r#""data":144"#, r#""data":143"#)
        .replace("you are banned", "you were banned")
        .replace(
            r#"{"status":{"code":14,"message":"temporary failure"}}"#,
            r#"{"result":{"expired":true}}"#,
        );
    let printed = replay(&before, &["--check"]);
    let expected = "line 2: rpc square/12, user ann
  result.data: 143 -> 144
line 4: subscribe news:1, user mallory
  disconnect.reason: \"you were banned\" -> \"you are banned\"
line 5: refresh, user eve
  result: {\"expired\":true} is gone
  status: {\"code\":14,\"message\":\"temporary failure\"} is new
6 events, 3 answers changed
";
    assert_eq!(
        (printed.stdout.as_str(), printed.code),
        (expected, Some(1)),
        "{printed:?}"
    );
    assert_eq!(replay(&before, &[]).code, Some(0));

    let printed = replay(&before, &["--format", "json", "--ignore", "result.data"]);
    let lines: Vec<Value> = printed
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3, "{printed:?}");
    assert_eq!(lines[0]["line"], 4);
    assert_eq!(lines[0]["differences"][0]["after"], "you are banned");
    assert_eq!(lines[2]["summary"]["changed"], 2);
    assert_eq!(lines[2]["summary"]["outcomes"]["failed"], 1);
}

#[test]
fn gives_variables_to_the_program() {
    let folder = Folder::new();
    folder.write("recording.jsonl", RECORDING);
    // A log without the address that the program logs.
    folder.write("program.env", "GREETING=hello\nRUST_LOG=warn\n");
    folder.write_program(&format!(
        "echo \"$GREETING\" >\"$0.note\"\nexec {}",
        tour().display()
    ));
    let printed = folder.run(&[
        "replay",
        "recording.jsonl",
        "--check",
        "--env-file",
        "program.env",
    ]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert_eq!(folder.read("program.note"), "hello\n");
}

#[test]
fn sends_a_load() {
    let before = RECORDING.replace(r#""data":144"#, r#""data":143"#);
    let arguments = [
        "--rate",
        "200",
        "--connections",
        "2",
        "--for",
        "2s",
        "--format",
        "json",
    ];
    let printed = replay(&before, &arguments);
    let lines: Vec<Value> = printed
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summary = &lines.last().unwrap()["summary"];
    let events = summary["events"].as_u64().unwrap();
    assert!((250..=410).contains(&events), "{summary}");
    assert_eq!(lines.len() as u64 - 1, summary["changed"].as_u64().unwrap());
    let (p50, max) = (&summary["latency_us"]["p50"], &summary["latency_us"]["max"]);
    assert!(
        p50.as_u64().unwrap() > 0 && p50.as_u64() <= max.as_u64(),
        "{summary}"
    );

    let printed = replay(RECORDING, &["--connections", "3", "--for", "500ms"]);
    assert!(
        printed.stdout.contains("0 answers changed\noutcomes: ok "),
        "{printed:?}"
    );
    assert!(printed.stdout.contains("latency: p50 "), "{printed:?}");
}

#[test]
fn says_that_the_program_ended() {
    let folder = Folder::new();
    let text = format!(
        "{} &\npid=$!\nsleep 1\nkill -9 $pid\nexit 3\n",
        every_kind().display()
    );
    let script = folder.write_program(&text);
    let recording = r#"{"kind":"rpc","request":{"method":"wait","data":60000},"answer":{},"at_ms":1}"#;
    let printed = replay_with(&script, recording, &[]);
    assert_eq!(printed.code, Some(2), "{printed:?}");
    assert!(
        printed
            .stderr
            .contains("the program ended with exit code 3 during the replay"),
        "{printed:?}"
    );
}

#[test]
fn says_what_is_wrong() {
    for (recording, part) in [
        ("", "has no events"),
        (
            "{}\n",
            "line 1 of the recording is no event: missing field `kind`",
        ),
    ] {
        let printed = replay(recording, &[]);
        assert_eq!(printed.code, Some(2), "{printed:?}");
        assert!(printed.stderr.contains(part), "{part}: {printed:?}");
    }
    let printed = run(cargo_centrifugo().args(["replay", "/nowhere"]));
    assert!(
        printed.code == Some(2) && printed.stderr.contains("/nowhere"),
        "{printed:?}"
    );
    let printed = replay(RECORDING, &["--rate", "0"]);
    assert!(
        printed.stderr.contains("write a number of events per second"),
        "{printed:?}"
    );
}

#[test]
fn goes_on_after_an_event_that_fails() {
    let recording = [
        r#"{"kind":"rpc","request":[],"answer":{}}"#,
        r#"{"kind":"rpc","request":{},"answer":{},"metadata":{"x y":[""]}}"#,
        r#"{"kind":"rpc","request":{},"answer":{},"metadata":{"x-name":["a\u0001"]}}"#,
        r#"{"kind":"rpc","request":{"method":"echo"},"removed":["b64data"],"answer":{}}"#,
        "",
    ]
    .join("\n")
        + RECORDING;
    let printed = replay(&recording, &["--check"]);
    let lines: Vec<_> = printed.stdout.lines().collect();
    for (line, start) in [
        "line 1: rpc failed: the request is not one of this kind",
        "line 2: rpc failed: the header `x y` cannot be sent",
        "line 3: rpc failed: the header `x-name` cannot be sent",
        "6 events, 0 answers changed, 3 events failed, 1 events without their data are not sent",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(lines[line].starts_with(start), "{start}: {printed:?}");
    }
    assert_eq!(lines.len(), 4, "{printed:?}");
    assert!(
        printed.code == Some(2) && printed.stderr.contains("events could not be sent"),
        "{printed:?}"
    );
    let printed = replay(&recording, &["--format", "json"]);
    let first: Value = serde_json::from_str(printed.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(first["line"], 1, "{printed:?}");
    assert!(first["problem"].is_string(), "{printed:?}");
}

#[test]
fn prints_no_secret_that_the_recording_leaves_out() {
    let before = RECORDING
        .replace(r#""data":144"#, r#""data":"[removed]""#)
        .replace(r#"{"b64data":"AP8="}}"#, r#"{"b64data":"[removed]"}}"#);
    let printed = replay(&before, &["--check"]);
    assert_eq!(
        (printed.stdout.as_str(), printed.code),
        ("6 events, 0 answers changed\n", Some(0)),
        "{printed:?}"
    );
}

#[test]
fn prints_no_value_of_members_that_the_recording_leaves_out() {
    let before = RECORDING.replace(r#""data":144"#, r#""data":[1]"#);
    let printed = replay(&before, &["--remove", "Data"]);
    let line = "result.data: [1] -> \"[removed]\"";
    assert!(
        printed.stdout.contains(line) && !printed.stdout.contains("144"),
        "{printed:?}"
    );
}
