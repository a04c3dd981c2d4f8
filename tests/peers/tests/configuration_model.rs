//! What `cargo centrifugo check` says about connects, subscriptions, publications and calls is what the real Centrifugo does.

#[path = "configuration_model/backend.rs"]
mod backend;
#[path = "../../../cli/tests/check/mod.rs"]
mod check;
#[path = "configuration_model/generator.rs"]
mod generator;
#[path = "configuration_model/probes.rs"]
mod probes;
#[path = "configuration_model/refreshes.rs"]
mod refreshes;

use std::collections::BTreeSet;
use std::sync::Arc;

use cargo_centrifugo::centrifugo::{Configuration, ProblemKind};
use peers::check_config_file;
use probes::{Report, Subject, compare};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The number of generated configurations.
const GENERATED: u64 = 240;
/// The number of nodes at a time.
const NODES: usize = 4;

/// Compares the model with Centrifugo for each configuration. Returns the sum, and the number of configurations that Centrifugo
/// refuses.
async fn compare_all(subjects: Vec<Subject>) -> (Report, usize) {
    let ports = backend::start().await;
    let permits = Arc::new(Semaphore::new(NODES));
    let mut tasks = JoinSet::new();
    for subject in subjects {
        let permits = Arc::clone(&permits);
        tasks.spawn(async move {
            let _permit = permits.acquire().await.expect("an open semaphore");
            compare(&subject, ports).await
        });
    }
    let (mut sum, mut refused) = (Report::default(), 0);
    while let Some(report) = tasks.join_next().await {
        let report = report.expect("a comparison");
        refused += usize::from(report.is_refused);
        sum.add(report);
    }
    eprintln!(
        "{} probes: {} asked, {} let in, {} refused; {refused} configurations refused",
        sum.probes, sum.asked, sum.let_in, sum.refused
    );
    (sum, refused)
}

fn assert_same(report: &Report) {
    let shown: Vec<_> = report.differences.iter().take(500).cloned().collect();
    assert!(
        report.differences.is_empty(),
        "{} differences:\n{}",
        report.differences.len(),
        shown.join("\n")
    );
}

/// The configurations as people have them, and those that are broken by hand.
fn written_by_hand() -> Vec<Subject> {
    let mut cases: Vec<(_, _, Vec<_>)> = check::broken()
        .into_iter()
        .map(|case| (case.name, case.file, case.env))
        .collect();
    let folder = check::folder().join("cases");
    for entry in std::fs::read_dir(folder).expect("cases").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            cases.push((
                name.clone(),
                check::read_json(&format!("cases/{name}")),
                Vec::new(),
            ));
        } else if name.ends_with(".env") {
            let env = check::variables(&check::read(&format!("cases/{name}")));
            cases.push((name, Value::Null, env));
        }
    }
    assert!(cases.len() > 75, "{}", cases.len());
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    cases
        .into_iter()
        .map(|(name, file, env)| Subject {
            name: name.replace(' ', "-"),
            file,
            env,
            channels: texts(&[
                "chat:1",
                "chat:1#42",
                "chat:#42",
                "$chat:1",
                "chats:1",
                "news:1",
                "clock:1",
                "cursors:1",
                "device:1",
                "plain",
            ]),
            methods: texts(&["user/get", "user:get", "none:x"]),
            users: texts(&["42", "7", ""]),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn agrees_with_centrifugo_on_configurations_that_are_written_by_hand() {
    let (report, refused) = compare_all(written_by_hand()).await;
    assert_same(&report);
    assert!(
        report.asked > 500 && report.let_in > 50 && report.refused > 1000 && refused > 5,
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn agrees_with_centrifugo_on_generated_configurations() {
    let (report, refused) = compare_all((0..GENERATED).map(generator::subject).collect()).await;
    assert_same(&report);
    assert!(
        report.asked > 4000 && report.let_in > 5000 && report.refused > 5000 && refused < 80,
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn agrees_with_centrifugo_on_refreshes_and_polls() {
    let ports = backend::start().await;
    let mut tasks = JoinSet::new();
    for subject in refreshes::subjects() {
        tasks.spawn(async move { refreshes::compare(&subject, ports).await });
    }
    let mut sum = Report::default();
    while let Some(report) = tasks.join_next().await {
        sum.add(report.expect("a comparison"));
    }
    assert_same(&sum);
    assert!(
        sum.asked > 30 && sum.let_in > 60 && sum.refused > 500,
        "{} asked, {} let in, {} refused",
        sum.asked,
        sum.let_in,
        sum.refused
    );
}

#[test]
fn finds_the_unknown_keys_that_centrifugo_finds() {
    let mut with_unknown = 0;
    for subject in written_by_hand() {
        if subject.file.is_null() {
            continue;
        }
        let configuration = Configuration::load(&subject.file, &subject.env.iter().cloned().collect());
        let expected: BTreeSet<_> = configuration
            .problems()
            .iter()
            .filter(|problem| problem.kind == ProblemKind::UnknownKey && problem.variable.is_none())
            .map(|problem| problem.path.clone())
            .collect();
        let env: Vec<_> = subject
            .env
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let output = check_config_file("json", &subject.file.to_string(), &env)
            .err()
            .unwrap_or_default();
        let Some((_, keys)) = output.split_once("unknown keys in config: ") else {
            let is_refused = !output.is_empty();
            assert!(
                expected.is_empty() || is_refused,
                "{}: {expected:?} {output}",
                subject.name
            );
            continue;
        };
        let found: BTreeSet<_> = keys
            .trim()
            .split(", ")
            .map(|key| key.replace(".[", "["))
            .collect();
        assert_eq!(found, expected, "{}", subject.name);
        with_unknown += 1;
    }
    assert!(with_unknown > 4, "{with_unknown}");
}
