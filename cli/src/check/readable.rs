//! Presence and history that clients cannot read.

use super::checker::Checker;
use super::finding::Finding;
use crate::centrifugo::namespaces;

pub(super) fn check(checker: &mut Checker<'_>) {
    if checker.configuration.bool("client.insecure") {
        return;
    }
    for namespace in namespaces::all(checker.configuration, "channel") {
        let presence = namespace.option("presence");
        let history = namespace.option("history_size");
        let can_read = |what: &str| {
            ["client", "subscriber"].iter().any(|who| {
                checker
                    .configuration
                    .bool(&namespace.option(&format!("allow_{what}_for_{who}")))
            })
        };
        let of = namespace.display("channels");
        if checker.configuration.bool(&presence) && !can_read("presence") {
            checker.add(
                Finding::note("unreadable", format!("clients cannot read the presence of {of}"))
                    .at(presence)
                    .help(
                        "set `allow_presence_for_subscriber: true` if they should; the capabilities that a reply can allow (`prs`) are read by \
                         Centrifugo PRO only",
                    ),
            );
        }
        if checker.configuration.int(&history) > 0 && !can_read("history") {
            checker.add(
                Finding::note("unreadable", format!("clients cannot read the history of {of}"))
                    .at(history)
                    .help(
                        "set `allow_history_for_subscriber: true` if they should; recovery needs `force_recovery` or `allow_recovery` only, and the \
                         capabilities that a reply can allow (`hst`) are read by Centrifugo PRO only",
                    ),
            );
        }
    }
}
