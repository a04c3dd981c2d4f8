//! `examples/observability`: the alert rules and the dashboard, with a real Prometheus.

use std::process::Command;
use std::time::{Duration, Instant};

use peers::{Observability, Prometheus, chromium, http_get, promtool, script};
use serde_json::Value;

/// Returns all expressions of the dashboard, as Grafana sends them for all jobs.
fn dashboard_expressions() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&Observability::file("dashboard.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array());
    targets
        .flatten()
        .map(|target| {
            let expression = target["expr"].as_str().expect("an expression");
            let expression = expression
                .replace("$job", ".*")
                .replace("$__rate_interval", "10s");
            // What remains is the first group of `label_replace`.
            assert!(!expression.replace("\"$1\"", "").contains('$'), "{expression}");
            expression
        })
        .collect()
}

/// Waits until the list is empty. Each call of `missing` looks again.
fn wait_until_none_is(missing: impl Fn() -> Vec<String>, what: &str) {
    let end = Instant::now() + Duration::from_secs(45);
    loop {
        let missing = missing();
        if missing.is_empty() {
            return;
        }
        assert!(Instant::now() < end, "{what}:\n{}", missing.join("\n"));
        std::thread::sleep(Duration::from_millis(300));
    }
}

#[test]
fn alert_rules_pass_promtool() {
    let output = Command::new(promtool())
        .current_dir(Observability::folder())
        .args(["check", "rules", "alerts.yml"])
        .output()
        .expect("promtool");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success() && out.contains("7 rules found"),
        "{out}{err}"
    );
}

#[test]
fn faults_fire_alerts_and_each_expression_has_data() {
    let example = Observability::start(&["faults"]);
    let prometheus = Prometheus(example.address("Prometheus"));
    let expressions = dashboard_expressions();
    assert!(expressions.len() > 25, "{expressions:?}");
    let without_data = || {
        let expressions = expressions.iter();
        expressions
            .filter(|expression| prometheus.query(expression).is_empty())
            .cloned()
            .collect()
    };
    wait_until_none_is(without_data, "expressions of the dashboard without data");

    let rules = prometheus.rules();
    assert_eq!(rules.len(), 7);
    for rule in &rules {
        // In the repository, events have to be slow for five minutes.
        let seconds = if rule["name"] == "CentrifugoBackendEventsSlow" {
            5
        } else {
            0
        };
        assert_eq!(rule["duration"], seconds, "{rule}");
    }
    let not_firing = || {
        let rules = prometheus.rules();
        let rules = rules
            .iter()
            .inspect(|rule| assert_eq!(rule["health"], "ok", "{rule}"));
        rules
            .filter(|rule| rule["state"] != "firing")
            .map(|rule| rule["name"].to_string())
            .collect()
    };
    wait_until_none_is(not_firing, "alerts that do not fire");
    for rule in &rules {
        let (expression, limit) = rule["query"]
            .as_str()
            .and_then(|query| query.rsplit_once(" > "))
            .expect("a comparison");
        assert!(limit.parse::<f64>().is_ok(), "{limit}");
        assert!(!prometheus.query(expression).is_empty(), "{expression}");
    }

    if std::env::var_os("OBSERVABILITY_SCREENSHOTS").is_some() {
        let folder = Observability::folder().join("screenshots").display().to_string();
        script(
            "observability.mjs",
            &[&prometheus.0, &chromium().display().to_string(), &folder],
        );
    }
}

#[test]
fn no_alert_fires_without_faults_and_nothing_is_left_behind() {
    let mut example = Observability::start(&[]);
    let prometheus = Prometheus(example.address("Prometheus"));
    let counted = |expression: &str| {
        prometheus
            .query(expression)
            .iter()
            .any(|(_, value)| *value > 50.0)
    };
    let missing = || {
        let sums = [
            "sum(centrifugo_backend_events_total)",
            "sum(centrifugo_proxy_duration_seconds_histogram_count)",
        ];
        sums.into_iter()
            .filter(|sum| !counted(sum))
            .map(str::to_owned)
            .collect()
    };
    wait_until_none_is(missing, "too few events");
    for rule in prometheus.rules() {
        assert_eq!(rule["state"], "inactive", "{rule}");
    }

    let expressions = dashboard_expressions();
    let on_the_way = expressions
        .iter()
        .find(|expression| expression.contains(" - on (kind) "))
        .expect("the time on the way");
    // Prometheus scrapes the peers at different moments. With slow events, the difference could be negative.
    let missing = || {
        let times = prometheus.query(on_the_way);
        let is_plausible = |kind: &&str| {
            times
                .iter()
                .any(|(labels, time)| labels["kind"] == *kind && *time > 0.0 && *time < 1.0)
        };
        ["rpc", "publish"]
            .iter()
            .filter(|kind| !is_plausible(kind))
            .map(|kind| format!("{kind}: {times:?}"))
            .collect()
    };
    wait_until_none_is(missing, "times on the way that are not between 0 and 1 s");
    assert_eq!(example.temporary_folders().len(), 1);
    example.process.interrupt();
    let status = example
        .process
        .wait_for_exit(Duration::from_secs(15))
        .expect("an end");
    assert!(status.success(), "{status}\n{}", example.process.log());
    assert_eq!(example.listening(), [""; 0]);
    assert_eq!(example.temporary_folders(), [""; 0]);
}

#[test]
fn sends_events_without_centrifugo_and_leaves_no_process_behind_when_it_is_killed() {
    let mut example = Observability::start(&["direct", "faults"]);
    let backend = example.address("the backend's metrics");
    let missing = || {
        let (_, page) = http_get(&backend, "/metrics").expect("metrics");
        ["connect", "rpc", "publish", "subscribe", "sub_refresh"]
            .into_iter()
            .filter(|kind| !page.contains(&format!("centrifugo_backend_events_total{{kind=\"{kind}\"")))
            .map(str::to_owned)
            .collect()
    };
    wait_until_none_is(missing, "kinds without events");
    assert_eq!(
        example.listening(),
        [backend.clone(), example.address("Prometheus")]
    );
    example.process.kill();
    let end = Instant::now() + Duration::from_secs(10);
    while !example.listening().is_empty() {
        assert!(Instant::now() < end, "{:?} still listen", example.listening());
        std::thread::sleep(Duration::from_millis(50));
    }
}
