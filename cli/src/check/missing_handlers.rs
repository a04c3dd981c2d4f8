//! Proxies whose event has no handler.

use super::checker::Checker;
use super::finding::Finding;
use super::uses::uses;

pub(super) fn check(checker: &mut Checker<'_>) {
    for used in uses(checker.configuration) {
        if !used.handlers(checker).is_empty() {
            continue;
        }
        let event = used.proxy.event;
        let of = if event == crate::description::Event::Rpc {
            "methods"
        } else {
            "channels"
        };
        let message = match &used.namespace {
            Some(namespace) => format!(
                "event `{event}` is on for {}, and the program has no handler for it: every client is refused",
                namespace.display(of)
            ),
            None => format!(
                "event `{event}` is on, and the program has no handler for it: every client is refused"
            ),
        };
        checker.add(
            Finding::error("no-handler", message)
                .at(used.enabled)
                .help(format!("add a handler with `#[{event}]`, or turn the option off")),
        );
    }
}
