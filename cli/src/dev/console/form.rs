//! The form of the page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::description::Event;
use crate::invoke::{Data, Invocation, Protocol};

/// An event as the form has it.
#[derive(Deserialize)]
pub(super) struct Form {
    kind: Event,
    channel: Option<String>,
    method: Option<String>,
    user: Option<String>,
    client: Option<String>,
    transport: Option<String>,
    protocol: Option<Protocol>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    meta: Option<Data>,
    /// The data. Kinds that have a list in place of data have it here.
    data: Option<Data>,
    token: Option<String>,
    /// The key of a map.
    key: Option<String>,
    /// Whether a stream is opened in both directions. If it is missing, the handler decides.
    pub(super) two_way: Option<bool>,
    timeout_ms: Option<u64>,
}

impl Form {
    /// Reads what the page sends.
    ///
    /// # Errors
    ///
    /// Returns an error that says what is wrong.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(body).map_err(|error| format!("the form is wrong: {error}"))
    }

    /// Returns the event. `client` is the id of the client if the form has none.
    ///
    /// # Errors
    ///
    /// Returns an error if the kind has a list of data and the form has no list.
    pub(super) fn into_invocation(self, client: String) -> Result<Invocation, String> {
        let mut invocation = Invocation::new(self.kind);
        match (self.kind, self.data) {
            (Event::NotifyChannelState, Some(data)) => invocation.events = list(&data, "channels")?,
            (Event::SharedPollRefresh, Some(data)) => invocation.items = list(&data, "items")?,
            (_, data) => invocation.data = data,
        }
        let has_bytes = invocation.data.as_ref().is_some_and(|data| !data.is_json());
        // Clients on the other protocol cannot send bytes. The command that the page copies has this protocol, too.
        invocation.protocol = if has_bytes {
            Protocol::Protobuf
        } else {
            self.protocol.unwrap_or_default()
        };
        invocation.channel = self.channel;
        invocation.method = self.method;
        invocation.user = self.user;
        invocation.client = Some(self.client.unwrap_or(client));
        invocation.transport = self.transport;
        invocation.headers = self.headers;
        invocation.meta = self.meta;
        invocation.token = self.token;
        invocation.key = self.key;
        invocation.two_way = self.two_way.unwrap_or_default();
        invocation.timeout_ms = self.timeout_ms;
        Ok(invocation)
    }
}

fn list<T: DeserializeOwned>(data: &Data, name: &str) -> Result<Vec<T>, String> {
    serde_json::from_slice(&data.to_bytes())
        .map_err(|error| format!("the data is no list of {name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invoke::encode_request;

    fn invocation(form: &str) -> Result<Invocation, String> {
        Form::read(form.as_bytes())?.into_invocation("console-1".to_owned())
    }

    #[test]
    fn becomes_what_a_file_of_invoke_has() {
        for (form, file) in [
            (
                r#"{"kind":"rpc","method":"a","user":"42","data":{"n": 1.0},"meta":[1],"headers":{"X-A":"b"},"timeout_ms":7}"#,
                r#"{"kind":"rpc","method":"a","user":"42","client":"console-1","protocol":"json","headers":{"X-A":"b"},"meta":[1],"data":{"n": 1.0},"two_way":false,"timeout_ms":7}"#,
            ),
            (
                r#"{"kind":"rpc","method":"a","protocol":"json","client":"c","data":{"$bytes":"AP8="}}"#,
                r#"{"kind":"rpc","method":"a","client":"c","protocol":"protobuf","data":{"$bytes":"AP8="},"two_way":false}"#,
            ),
            (
                r#"{"kind":"notify_channel_state","data":[{"channel":"a","type":"vacated"}]}"#,
                r#"{"kind":"notify_channel_state","client":"console-1","protocol":"json","events":[{"channel":"a","type":"vacated","time_ms":0}],"two_way":false}"#,
            ),
            (
                r#"{"kind":"shared_poll_refresh","channel":"p","data":[{"key":"gold"}]}"#,
                r#"{"kind":"shared_poll_refresh","channel":"p","client":"console-1","protocol":"json","items":[{"key":"gold","version":0}],"two_way":false}"#,
            ),
            (
                r#"{"kind":"subscribe_stream","channel":"s","token":"t","transport":"sse","two_way":true}"#,
                r#"{"kind":"subscribe_stream","channel":"s","client":"console-1","transport":"sse","protocol":"json","token":"t","two_way":true}"#,
            ),
            (
                r#"{"kind":"map_remove","channel":"m","key":"k","protocol":"protobuf"}"#,
                r#"{"kind":"map_remove","channel":"m","client":"console-1","protocol":"protobuf","key":"k","two_way":false}"#,
            ),
        ] {
            let invocation = invocation(form).unwrap();
            assert_eq!(serde_json::to_string(&invocation).unwrap(), file);
            encode_request(&invocation).unwrap();
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (form, part) in [
            ("[]", "the form is wrong"),
            (r#"{"kind":"nothing"}"#, "the form is wrong"),
            (r#"{"kind":"rpc","data":{"$bytes":"!"}}"#, "$bytes"),
            (
                r#"{"kind":"notify_channel_state","data":3}"#,
                "no list of channels",
            ),
            (r#"{"kind":"shared_poll_refresh","data":{}}"#, "no list of items"),
        ] {
            let error = invocation(form).unwrap_err();
            assert!(error.contains(part), "{form}: {error}");
        }
    }
}
