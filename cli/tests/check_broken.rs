//! Configurations that are broken by hand, each with its findings.

mod check;

use std::collections::BTreeSet;

use cargo_centrifugo::check::text;

#[test]
fn finds_what_is_wrong_with_broken_configurations() {
    let cases = check::broken();
    assert!(cases.len() > 60, "{}", cases.len());
    let mut failures = String::new();
    for case in &cases {
        let findings = case.check();
        let mut found: Vec<_> = findings
            .iter()
            .map(|finding| {
                let place = finding.path.as_deref().or(finding.variable.as_deref());
                format!("{} {} {}", finding.level, finding.rule, place.unwrap_or("-"))
            })
            .collect();
        let mut expected = case.findings.clone();
        found.sort();
        expected.sort();
        if found != expected {
            failures += &format!(
                "{}\nexpected {expected:#?}\nfound {}\n",
                case.name,
                text(&findings, "config.json")
            );
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn each_finding_says_what_to_do_and_each_rule_has_a_case() {
    let mut rules = BTreeSet::new();
    for case in check::broken() {
        for finding in case.check() {
            assert!(!finding.help.is_empty(), "{}: {}", case.name, finding.message);
            rules.insert(finding.rule);
        }
    }
    // `missing-variable` and `not-expanded` are in the cases of people.
    assert_eq!(
        rules.into_iter().collect::<Vec<_>>(),
        [
            "bypass",
            "channel-options",
            "endpoint",
            "exec-ttl",
            "headers",
            "map-subscription",
            "meta",
            "never-asked",
            "no-handler",
            "no-start",
            "old-key",
            "pro-event",
            "pro-key",
            "secret",
            "stream",
            "timeout",
            "tls",
            "token",
            "unasked",
            "unknown-key",
            "unreadable",
            "wrong-type",
        ]
    );
}
