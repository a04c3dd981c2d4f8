//! The log lines of an event.

use std::time::Duration;

use serde_json::{Value, json};

use crate::dev::hub::Hub;
use crate::dev::proxy::EventId;

/// How long log lines are waited for after the answer.
const DELAY: Duration = Duration::from_millis(60);

/// Returns the log lines of an event that has been answered, among the messages after a number.
pub(super) async fn log_of_event(hub: &Hub, after: u64, id: EventId) -> Vec<Value> {
    tokio::time::sleep(DELAY).await;
    hub.after(after, usize::MAX)
        .into_iter()
        .filter_map(|(_, text)| serde_json::from_str::<Value>(&text).ok())
        .filter(|message| message["type"] == "log" && message["event"] == id)
        .map(|message| json!({ "level": message["level"], "text": message["text"] }))
        .collect()
}
