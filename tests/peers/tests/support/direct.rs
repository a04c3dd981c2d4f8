//! The backend of the tests without RoadRunner.

use peers::{DirectSetup, Transport};
use serde_json::json;

pub fn backend(path: &str, transport: Transport) -> DirectSetup {
    let presence = json!({ "presence": true, "allow_presence_for_subscriber": true });
    DirectSetup::new(path, transport)
        .proxy(json!({ "http_headers": ["X-Tenant", "Type"], "include_connection_meta": true }))
        .namespace("news", presence.clone())
        .namespace("chat", presence)
        // Centrifugo checks for expired subscriptions when it updates presence.
        .centrifugo(
            json!({ "client": { "presence_update_interval": "1s", "expired_sub_close_delay": "1s" } }),
        )
}
