//! A new program takes the place of the old one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::client::EventClient;
use crate::project::Project;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn loses_no_event_when_the_program_is_replaced() {
    let project = Project::new("replaced");
    let session = Session::start(&project, &[]);
    let client = EventClient::connect(session.proxy()).await;
    // While there is no program, an event waits for nothing.
    let started = Instant::now();
    if session.get("/api/state")["program"].is_null() {
        assert_eq!(client.rpc("version").await, Err("14".to_owned()));
        assert!(started.elapsed() < Duration::from_secs(1));
    }
    session.wait_for_phase("ready");
    assert_eq!(client.rpc("version").await.as_deref(), Ok("1"));

    // 100 events a second, over one connection.
    let is_enough = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn({
        let (client, is_enough) = (client.clone(), Arc::clone(&is_enough));
        async move {
            let mut calls = Vec::new();
            let mut interval = tokio::time::interval(Duration::from_millis(10));
            while !is_enough.load(Ordering::Relaxed) {
                interval.tick().await;
                let client = client.clone();
                calls.push(tokio::spawn(async move { client.rpc("version").await }));
            }
            let mut answers = Vec::new();
            for call in calls {
                answers.push(call.await.unwrap());
            }
            answers
        }
    });
    // Each of these is in hand while its program is replaced.
    let mut slow = Vec::new();
    for version in 1..4 {
        project.set_version(version, version + 1);
        let wanted = (version + 1).to_string();
        let end = Instant::now() + Duration::from_secs(120);
        loop {
            let in_hand = client.clone();
            slow.push(tokio::spawn(async move { in_hand.rpc("slow").await }));
            if client.rpc("version").await.as_deref() == Ok(&wanted) {
                break;
            }
            assert!(
                Instant::now() < end,
                "version {wanted} does not come:\n{}",
                session.log()
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    for slow in slow {
        assert_eq!(slow.await.unwrap().as_deref(), Ok("1"));
    }
    is_enough.store(true, Ordering::Relaxed);
    let answers = load.await.unwrap();
    let count = |answer: &str| {
        answers
            .iter()
            .filter(|given| given.as_deref() == Ok(answer))
            .count()
    };
    let counts = ["1", "2", "3", "4"].map(count);
    println!("{} events: {counts:?}", answers.len());
    assert_eq!(
        counts.iter().sum::<usize>(),
        answers.len(),
        "{answers:?}\n{}",
        session.log()
    );
    assert!(
        answers.len() > 100 && counts.iter().all(|count| *count > 0),
        "{counts:?}"
    );
    assert_eq!(session.get("/api/state")["program"]["restarts"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_the_old_program_when_the_new_one_does_not_compile_or_start() {
    let project = Project::new("mistakes");
    let session = Session::start(&project, &[]);
    session.wait_for_phase("ready");
    let client = EventClient::connect(session.proxy()).await;

    project.edit("Json(1)", "Json(nothing)");
    let state = session.wait_for_phase("failed");
    assert_eq!(state["build"]["ok"], false);
    let problem = &state["problems"][0];
    assert!(
        problem["message"].as_str().unwrap().contains("`nothing`"),
        "{problem}"
    );
    assert!(
        problem["place"].as_str().unwrap().starts_with("src/main.rs:"),
        "{problem}"
    );
    assert!(!state["build"]["messages"][0].as_str().unwrap().contains('\x1b'));
    assert_eq!(client.rpc("version").await.as_deref(), Ok("1"));

    // Two handlers for one method are found at start.
    project.edit("Json(nothing)", "Json(1)");
    project.edit("\"slow\"", "\"version\"");
    let state = session.wait_for("problem of the start", || {
        let state = session.get("/api/state");
        (state["phase"] == "failed" && state["build"]["ok"] == true).then_some(state)
    });
    let problems = state["problems"].as_array().unwrap();
    assert!(
        problems
            .iter()
            .any(|problem| problem["place"].to_string().contains("src/main.rs:")),
        "{problems:#?}"
    );
    assert_eq!(client.rpc("version").await.as_deref(), Ok("1"));
    assert!(session.log().contains("the old program goes on"));

    project.edit(
        "#[centrifugo::rpc(\"version\")]\nfn slow",
        "#[centrifugo::rpc(\"slow\")]\nfn slow",
    );
    project.set_version(1, 2);
    session.wait_for_phase("ready");
    assert_eq!(client.rpc("version").await.as_deref(), Ok("2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sessions_of_one_project_do_not_meet() {
    let project = Project::new("twice");
    project.build();
    let sessions = ["one", "two"].map(|name| Session::start_named(&project, name, &[]));
    let proxies = sessions.each_ref().map(Session::proxy);
    assert_ne!(proxies[0], proxies[1]);
    assert_ne!(sessions[0].console(), sessions[1].console());
    // At least one of them has not the port that both want.
    let says_port = |session: &Session| session.log().contains("in use; the console listens on port");
    assert!(sessions.iter().any(says_port));
    for session in &sessions {
        session.wait_for_phase("ready");
        let client = EventClient::connect(session.proxy()).await;
        assert_eq!(client.rpc("version").await.as_deref(), Ok("1"));
    }
    let pids = sessions
        .each_ref()
        .map(|session| session.get("/api/state")["program"]["pid"].clone());
    assert_ne!(pids[0], pids[1]);
}
