//! Handlers of events that Centrifugo never sends.

use super::checker::Checker;
use super::finding::Finding;
use crate::description::Event;

pub(super) fn check(checker: &mut Checker<'_>) {
    for handler in &checker.description.handlers {
        if matches!(handler.event, Event::NotifyChannelState | Event::NotifyCacheEmpty) {
            checker.add(
                Finding::note(
                    "pro-event",
                    format!("only Centrifugo PRO sends the event `{}`", handler.event),
                )
                .of(handler)
                .help("remove the handler, unless you run Centrifugo PRO"),
            );
        }
    }
}
