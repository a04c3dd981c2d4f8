//! The response that RoadRunner's protocol requires for a frame.
//!
//! This is a second implementation of the protocol for tests. It shares no code with the worker loop: flags and event names
//! are written as RoadRunner's documentation has them.

use std::collections::BTreeMap;

use crate::event::Kind;

/// The events that RoadRunner delivers, by the names that it writes.
pub(super) const EVENT_NAMES: [(&str, Kind); 8] = [
    ("rpc", Kind::Rpc),
    ("connect", Kind::Connect),
    ("refresh", Kind::Refresh),
    ("subscribe", Kind::Subscribe),
    ("publish", Kind::Publish),
    ("subrefresh", Kind::SubRefresh),
    ("notifychannelstate", Kind::NotifyChannelState),
    ("notifycacheempty", Kind::NotifyCacheEmpty),
];

/// What the worker must do with a frame.
#[derive(Debug, PartialEq)]
pub(super) enum ExpectedResponse {
    None,
    /// The process ID.
    Pid,
    /// No response. The worker loop ends.
    Stop,
    /// A response to an event. Has the kind, if the context names a known one, and the body.
    Event(Option<Kind>, Vec<u8>),
}

/// Returns the expected response to a frame that is not a command.
pub(super) fn expected_for_event(context_len: u32, payload: &[u8]) -> ExpectedResponse {
    let Some((context, body)) = payload.split_at_checked(context_len as usize) else {
        return ExpectedResponse::Event(None, Vec::new());
    };
    let headers = serde_json::from_slice::<BTreeMap<String, Option<Vec<String>>>>(context);
    let names = headers
        .ok()
        .and_then(|mut headers| headers.remove("type").flatten());
    let name = names.and_then(|mut names| names.pop());
    let event = EVENT_NAMES
        .into_iter()
        .find(|(event, _)| name.as_deref() == Some(event));
    ExpectedResponse::Event(event.map(|(_, kind)| kind), body.to_vec())
}
