//! RoadRunner's `exec_ttl` together with `client.concurrency`.

use serde_json::Value as Json;

use super::checker::Checker;
use super::finding::Finding;

pub(super) fn check(checker: &mut Checker<'_>) {
    let path = "client.concurrency";
    if checker.configuration.int(path) < 2 {
        return;
    }
    let pool = checker
        .input
        .roadrunner
        .and_then(|file| file.pointer("/centrifuge/pool/supervisor/exec_ttl"));
    let is_set = pool.is_some_and(|value| match value {
        Json::Null => false,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !matches!(text.as_str(), "" | "0" | "0s"),
        _ => true,
    });
    if is_set {
        checker.add(
            Finding::error(
                "exec-ttl",
                "with `client.concurrency` and RoadRunner's `exec_ttl`, a client that leaves in the middle of a call has its worker killed",
            )
            .at(path)
            .help("remove `centrifuge.pool.supervisor.exec_ttl` from .rr.yaml: handlers have their own time limit; or remove `client.concurrency`"),
        );
    }
}
