//! Text that clients control, in log lines.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use rustix::process::Signal;
use support::{Program, outcome_text};

#[tokio::test(flavor = "multi_thread")]
async fn truncates_client_text_and_never_logs_client_values() {
    let mut program = Program::start(&[("RUST_LOG", "debug")]);
    let client = program.client().await;
    let password = format!("{}hunter2", "x".repeat(60_000));
    for data in [
        format!(r#""{password}""#),
        format!(r#"["{password}"]"#),
        format!(r#"{{"password":"{password}"}}"#),
        "hunter2".to_owned(),
    ] {
        let answer = client.rpc("sleep", &data).await.unwrap();
        assert_eq!(outcome_text(&answer), "error 107: bad request");
    }
    let method = format!("a\nb\x1b[31m\" forged=\"{password}");
    let answer = client.rpc(&method, "1").await.unwrap();
    assert_eq!(outcome_text(&answer), "error 104: method not found");

    program.signal(Signal::TERM);
    assert!(program.wait_for_exit().await.success());
    let log = program.log.text();
    let (_, log) = log.rsplit_once("\n}\n").unwrap();
    assert!(!log.contains("hunter2"), "{log}");
    assert!(log.lines().all(|line| line.len() < 1_000), "{log}");
    assert!(log.chars().all(|c| !c.is_control() || c == '\n'), "{log}");
    let shown: Vec<_> = log
        .lines()
        .filter(|line| line.contains("client message refused: malformed"))
        .collect();
    assert_eq!(shown.len(), 4, "{log}");
    assert!(shown.iter().all(|line| line.contains(" INFO ")), "{log}");
    assert!(shown[0].contains("$: expected u64, found a string"), "{log}");
    let unhandled: Vec<_> = log.lines().filter(|line| line.contains("no handler")).collect();
    assert_eq!(unhandled.len(), 1, "{log}");
    assert!(
        unhandled[0].contains(r#"target="a\nb\u{1b}[31m\" forged=\"xxx"#),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_the_log_lines_that_malformed_messages_cause() {
    let mut program = Program::start(&[]);
    let client = program.client().await;
    for number in 0..500 {
        client.rpc("sleep", "[]").await.unwrap();
        client.rpc(&format!("unknown/{number}"), "1").await.unwrap();
    }
    program.signal(Signal::TERM);
    assert!(program.wait_for_exit().await.success());
    let log = program.log.text();
    for summary in ["client messages refused: malformed", "events refused: no handler"] {
        assert!(log.contains(summary), "{log}");
    }
    let lines = log.lines().filter(|line| line.contains("refused: ")).count();
    assert!(lines < 60, "{lines} lines");
}
