//! The log lines of an event.

use std::time::Duration;

use serde_json::{Value, json};

use crate::dev::hub::Hub;
use crate::dev::proxy::EventId;

/// How long the page waits for the line that says how the event ended.
const LIMIT: Duration = Duration::from_millis(500);

/// Returns the log lines of an event that has been answered, among the messages after a number. The program writes its log beside
/// the answer, and the line that says how the event ended is the last one: it is waited for.
pub(super) async fn log_of_event(hub: &Hub, mut after: u64, id: EventId) -> Vec<Value> {
    let mut newest = hub.newest();
    let mut lines = Vec::new();
    let last = async {
        loop {
            for (number, text) in hub.after(after, usize::MAX) {
                after = number;
                let Ok(message) = serde_json::from_str::<Value>(&text) else {
                    continue;
                };
                if message["type"] != "log" || message["event"] != id {
                    continue;
                }
                lines.push(json!({ "level": message["level"], "text": message["text"] }));
                if message["outcome"].is_string() {
                    return;
                }
            }
            if newest.changed().await.is_err() {
                return;
            }
        }
    };
    // Without this line, for example because of RUST_LOG, those that have come are all.
    let _ = tokio::time::timeout(LIMIT, last).await;
    lines
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;
    use crate::dev::state::State;
    use crate::dev::terminal::Terminal;

    fn log(hub: &Hub, text: &str, event: Option<EventId>, outcome: Option<&str>) {
        hub.push(
            &json!({ "type": "log", "level": "info", "text": text, "event": event, "outcome": outcome }),
        );
    }

    fn texts(lines: &[Value]) -> Vec<&str> {
        lines.iter().filter_map(|line| line["text"].as_str()).collect()
    }

    #[tokio::test]
    async fn waits_for_the_line_that_says_how_the_event_ended() {
        let hub = Hub::new(State::default(), Terminal::silent());
        log(&hub, "before", Some(1), None);
        let after = *hub.newest().borrow();
        log(&hub, "first", Some(1), None);
        log(&hub, "of another", Some(2), Some("ok"));
        log(&hub, "of none", None, None);
        let mut lines = pin!(log_of_event(&hub, after, 1));
        tokio::select! {
            biased;
            lines = &mut lines => panic!("{lines:?}"),
            () = std::future::ready(()) => {}
        }
        log(&hub, "second", Some(1), None);
        log(&hub, "last", Some(1), Some("error"));
        log(&hub, "later", Some(1), None);
        assert_eq!(texts(&lines.await), ["first", "second", "last"]);
    }

    #[tokio::test]
    async fn returns_what_has_come_if_that_line_is_missing() {
        let hub = Hub::new(State::default(), Terminal::silent());
        log(&hub, "only", Some(1), None);
        assert_eq!(texts(&log_of_event(&hub, 0, 1).await), ["only"]);
    }
}
