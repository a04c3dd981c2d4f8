//! The gRPC methods of the kinds of events.

use crate::description::Event;

const SERVICE: &str = "/centrifugal.centrifugo.proxy.CentrifugoProxy/";

const METHODS: [(Event, &str); 13] = [
    (Event::Connect, "Connect"),
    (Event::Refresh, "Refresh"),
    (Event::Subscribe, "Subscribe"),
    (Event::Publish, "Publish"),
    (Event::Rpc, "RPC"),
    (Event::SubRefresh, "SubRefresh"),
    (Event::SubscribeStream, "SubscribeUnidirectional"),
    (Event::SubscribeStream, "SubscribeBidirectional"),
    (Event::NotifyCacheEmpty, "NotifyCacheEmpty"),
    (Event::NotifyChannelState, "NotifyChannelState"),
    (Event::MapPublish, "MapPublish"),
    (Event::MapRemove, "MapRemove"),
    (Event::SharedPollRefresh, "SharedPollRefresh"),
];

/// Returns the kind of the event that a gRPC path stands for, and whether it is a stream in both directions.
pub(crate) fn kind_of_path(path: &str) -> Option<(Event, bool)> {
    let method = path.strip_prefix(SERVICE)?;
    let (kind, method) = METHODS.iter().find(|(_, name)| *name == method)?;
    Some((*kind, *method == "SubscribeBidirectional"))
}

/// Returns the gRPC path of a kind.
pub(crate) fn path_of_kind(kind: Event, is_bidirectional: bool) -> String {
    let mut methods = METHODS
        .iter()
        .filter(|(of, _)| *of == kind)
        .map(|(_, method)| *method);
    let first = methods.next().unwrap_or_default();
    let method = if is_bidirectional {
        methods.next().unwrap_or(first)
    } else {
        first
    };
    format!("{SERVICE}{method}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_kinds_belong_together() {
        for (kind, method) in METHODS {
            let is_bidirectional = method == "SubscribeBidirectional";
            let path = path_of_kind(kind, is_bidirectional);
            assert_eq!(path, format!("{SERVICE}{method}"));
            assert_eq!(kind_of_path(&path), Some((kind, is_bidirectional)));
        }
        assert_eq!(kind_of_path("/other/RPC"), None);
    }
}
