//! The backend of these tests, as Centrifugo asks it itself.

use peers::{Direct, Transport};
use serde_json::json;

pub fn backend(path: &str, transport: Transport) -> Direct {
    let presence = json!({ "presence": true, "allow_presence_for_subscriber": true });
    Direct::new(path, transport)
        .proxy(json!({ "http_headers": ["X-Tenant", "Type"], "include_connection_meta": true }))
        .namespace("news", presence.clone())
        .namespace("chat", presence)
        // Centrifugo looks for expired subscriptions when it updates presence.
        .centrifugo(
            json!({ "client": { "presence_update_interval": "1s", "expired_sub_close_delay": "1s" } }),
        )
}
