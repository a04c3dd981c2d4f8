//! The check says what has to be said of configurations as people have them. `BLESS=1` writes the expected findings anew.

mod check;

use std::fs;

use cargo_centrifugo::check::text;
use check::{Case, folder, read, read_json, variables};
use serde_json::{Value, json};

fn case(name: &str) -> Case {
    let (file, env) = match name.strip_suffix(".env") {
        Some(_) => (Value::Null, variables(&read(&format!("cases/{name}")))),
        None => (read_json(&format!("cases/{name}")), Vec::new()),
    };
    Case {
        name: name.to_owned(),
        file,
        env,
        program: read_json("program.json"),
        roadrunner: None,
        findings: Vec::new(),
    }
}

fn assert_findings(name: &str, case: &Case) {
    let found = text(&case.check_as_file(), &case.name);
    let expected = folder().join("cases").join(format!("{name}.txt"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&expected, &found).expect("the findings");
    }
    let known = fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(
        found, known,
        "{name}: run the test with `BLESS=1` if the findings are right"
    );
}

#[test]
fn says_what_is_wrong_with_configurations_as_people_have_them() {
    for name in [
        "bypass.json",
        "environment.env",
        "http_paths.json",
        "misspelt.json",
        "named_proxies.json",
        "never_asked.json",
        "presence.json",
        "rpc_enabled.json",
        "variables.json",
        "version5.json",
    ] {
        let stem = name.split('.').next().unwrap_or(name);
        assert_findings(stem, &case(name));
    }
}

#[test]
fn compares_timeouts_with_the_limit_of_the_handler() {
    let mut case = case("timeouts.json");
    case.program["handlers"][4]["timeout_ms"] = json!(5000);
    assert_findings("timeouts", &case);
}

#[test]
fn names_missing_namespaces_with_other_boundaries() {
    let mut case = case("boundaries.json");
    case.program["handlers"][2]["pattern"] = json!("chat/{room}");
    case.program["handlers"][3]["pattern"] = json!("c/{room}");
    case.program["handlers"][4]["pattern"] = json!("user.get:name");
    assert_findings("boundaries", &case);
}

#[test]
fn resolves_variables_of_the_environment() {
    let mut case = case("variables.json");
    case.file["rpc"]["proxy"] = json!({
        "endpoint": "grpc://127.0.0.1:10001",
        "grpc": { "static_metadata": { "x-key": "${CENTRIFUGO_VAR_PROXY_SECRET}" } },
    });
    case.program["endpoint"]["secret_keys"] = json!(["x-key"]);
    for (secret, is_right) in [("one", true), ("other", false)] {
        case.env = vec![
            ("CENTRIFUGO_VAR_PROXY_SECRET".into(), secret.into()),
            ("WORKER_SECRET_VALUE".into(), "one".into()),
        ];
        let findings = case.check();
        let is_wrong = findings
            .iter()
            .any(|finding| finding.path.as_deref() == Some("rpc.proxy.grpc.static_metadata"));
        assert_eq!(is_wrong, !is_right, "{}", text(&findings, "variables.json"));
    }
}
