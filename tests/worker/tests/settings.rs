//! Limits of handlers and frames, set in the environment and in code.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::event::markers;
use centrifugo::proto::proxy::RpcRequest;
use centrifugo::testing::{Answer, Host, Received};
use prost::Message;
use support::{Log, worker};

const CONTEXT: &[u8] = br#"{"type":["rpc"]}"#;

fn host_with(name: &str, env: &[(&str, &str)]) -> (Host, Log) {
    let log = Log::new("stderr");
    let mut command = worker(name);
    command.envs(env.iter().copied()).stderr(log.create());
    (Host::spawn(command).unwrap(), log)
}

#[test]
fn warns_of_variables_that_a_worker_does_not_use() {
    let env = [
        ("WORKER_TLS_CERT", "no/such/file"),
        ("WORKER_LISTEN", "127.0.0.1:1"),
        ("WORKER_MAX_EVENTS", "1000"),
    ];
    let (host, log) = host_with("all_events", &env);
    assert!(host.stop().unwrap().success());
    let log = log.text();
    let warnings: Vec<_> = log
        .lines()
        .filter(|line| line.contains("setting ignored"))
        .collect();
    assert_eq!(warnings.len(), 2, "{log}");
    assert!(
        warnings[0].contains("WARN") && warnings[0].contains("WORKER_LISTEN"),
        "{log}"
    );
    assert!(warnings[1].contains("WORKER_TLS_CERT"), "{log}");
}

/// Asserts that a handler times out after 200 ms and that the worker serves on.
fn assert_handler_timeout(host: &mut Host, method: &str) {
    let start = Instant::now();
    let answer = host.rpc(method).json(&5000).send().unwrap();
    let took = start.elapsed();
    assert_eq!(answer.error().unwrap().code, 100, "{answer}");
    assert!(
        took >= Duration::from_millis(200) && took < Duration::from_secs(1),
        "{took:?}"
    );
    assert!(host.rpc("echo").send().unwrap().result().is_some());
}

/// Asserts that a frame of 1000 bytes is accepted and that a longer one ends the worker.
fn assert_frame_limit(mut host: Host, log: &Log) {
    let (body, data) = echo_request_of_len(1000 - CONTEXT.len());
    host.send_event(CONTEXT, &body).unwrap();
    let Received::Answer(answer) = host.receive().unwrap() else {
        panic!("no answer: {}", log.text());
    };
    let answer = Answer::<markers::Rpc>::decode(&answer).unwrap();
    assert_eq!(answer.result().unwrap().data, data);

    let (body, _) = echo_request_of_len(1001 - CONTEXT.len());
    host.send_event(CONTEXT, &body).unwrap();
    assert_eq!(host.wait().unwrap().code(), Some(1));
    assert!(log.text().contains("the limit is 1000"), "{}", log.text());
}

/// Returns a call of `echo` that is `len` bytes long, and its data.
fn echo_request_of_len(len: usize) -> (Vec<u8>, String) {
    let call = |data: &str| {
        RpcRequest {
            method: "echo".into(),
            data: data.to_owned().into(),
            ..Default::default()
        }
        .encode_to_vec()
    };
    let around = call(&"1".repeat(len / 2)).len() - len / 2;
    let data = "1".repeat(len - around);
    let body = call(&data);
    assert_eq!(body.len(), len);
    (body, data)
}

#[test]
fn reads_the_handler_timeout_from_the_environment() {
    let (mut host, _log) = host_with("all_events", &[("WORKER_HANDLER_TIMEOUT", "200ms")]);
    assert_handler_timeout(&mut host, "sleep");
}

#[test]
fn reads_the_frame_limit_from_the_environment() {
    let (host, log) = host_with("all_events", &[("WORKER_MAX_FRAME_LEN", "1000")]);
    assert_frame_limit(host, &log);
}

#[test]
fn prefers_limits_set_in_code() {
    let env = [
        ("WORKER_HANDLER_TIMEOUT", "5s"),
        ("WORKER_MAX_FRAME_LEN", "100000"),
    ];
    let (mut host, log) = host_with("limits_in_code", &env);
    assert_handler_timeout(&mut host, "hang");
    assert_frame_limit(host, &log);
}
