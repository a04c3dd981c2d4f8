//! The fields of each message, as Centrifugo names them in JSON (`internal/proxyproto`).

use std::collections::BTreeMap;
use std::marker::PhantomData;

use centrifugo_proto::proxy;
use serde::de::MapAccess;
use serde::ser::SerializeMap;

use super::json::{FromJson, ReadList, ToJson, Write, WriteList, data, plain, raw};

/// A field's name without the mark of a raw identifier.
fn name(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// Requests are read: plain values, raw JSON, and lists of messages.
macro_rules! requests {
    ($($message:ident { $($shape:ident: $($field:ident)*;)* })*) => {$(
        impl FromJson for proxy::$message {
            fn field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
                $($(if key == name(stringify!($field)) {
                    self.$field = requests!(@$shape map);
                    return Ok(true);
                })*)*
                Ok(false)
            }
        }
    )*};
    (@plain $map:ident) => { $map.next_value::<Option<_>>()?.unwrap_or_default() };
    (@raw $map:ident) => { raw($map)? };
    (@list $map:ident) => { $map.next_value_seed(ReadList(PhantomData))? };
}

/// Responses are written: what has its default value is left out.
macro_rules! responses {
    ($($message:ident { $($shape:ident: $($field:ident $(/ $b64:ident)?)*;)* })*) => {$(
        impl ToJson for proxy::$message {
            fn fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                let _ = &map;
                $($(responses!(@$shape self, map, $field $($b64)?);)*)*
                Ok(())
            }
        }
    )*};
    (@plain $self:ident, $map:ident, $field:ident) => {
        plain($map, name(stringify!($field)), &$self.$field)?
    };
    (@data $self:ident, $map:ident, $field:ident) => { data($map, stringify!($field), &$self.$field, "")? };
    (@data $self:ident, $map:ident, $field:ident $b64:ident) => {
        if $self.$b64.is_empty() {
            data($map, stringify!($field), &$self.$field, stringify!($b64))?;
        } else {
            $map.serialize_entry(stringify!($b64), &$self.$b64)?;
        }
    };
    (@message $self:ident, $map:ident, $field:ident) => {
        if let Some(message) = &$self.$field {
            $map.serialize_entry(name(stringify!($field)), &Write(message))?;
        }
    };
    (@list $self:ident, $map:ident, $field:ident) => {
        if !$self.$field.is_empty() {
            $map.serialize_entry(name(stringify!($field)), &WriteList(&$self.$field))?;
        }
    };
    (@map $self:ident, $map:ident, $field:ident) => {
        if !$self.$field.is_empty() {
            let messages: BTreeMap<_, _> =
                $self.$field.iter().map(|(key, message)| (key, Write(message))).collect();
            $map.serialize_entry(name(stringify!($field)), &messages)?;
        }
    };
}

requests! {
    ConnectRequest {
        plain: client transport protocol encoding b64data name version channels;
        raw: data;
    }
    RefreshRequest {
        plain: client transport protocol encoding user labels;
        raw: meta;
    }
    SubscribeRequest {
        plain: client transport protocol encoding user channel token b64data labels;
        raw: meta data;
    }
    PublishRequest {
        plain: client transport protocol encoding user channel b64data labels;
        raw: data meta;
    }
    SubRefreshRequest {
        plain: client transport protocol encoding user channel labels;
        raw: meta;
    }
    RpcRequest {
        plain: client transport protocol encoding user method b64data labels;
        raw: data meta;
    }
    NotifyCacheEmptyRequest {
        plain: channel;
    }
    NotifyChannelStateRequest {
        list: events;
    }
    ChannelEvent {
        plain: time_ms channel r#type;
    }
    MapPublishRequest {
        plain: client transport protocol encoding user channel key b64data labels;
        raw: data meta;
    }
    MapRemoveRequest {
        plain: client transport protocol encoding user channel key labels;
        raw: meta;
    }
    SharedPollRefreshRequest {
        plain: channel;
        list: items;
    }
    SharedPollRefreshItem {
        plain: key version;
    }
}

responses! {
    Error { plain: code message temporary; }
    Disconnect { plain: code reason; }
    ConnectResponse { message: result error disconnect; }
    ConnectResult {
        plain: user expire_at channels labels;
        data: info / b64info data / b64data meta;
        map: subs;
        list: caps;
    }
    ChannelsCapability { plain: channels allow r#match; }
    SubscribeOptions {
        plain: expire_at cache_recover;
        data: info / b64info data / b64data;
        message: r#override server_tags_filter;
    }
    SubscribeOptionOverride {
        message: presence join_leave force_recovery force_positioning force_push_join_leave;
    }
    BoolValue { plain: value; }
    FilterNode { plain: op key cmp val vals; list: nodes; }
    RefreshResponse { message: result error disconnect; }
    RefreshResult {
        plain: expired expire_at;
        data: info / b64info meta;
        list: caps;
    }
    SubscribeResponse { message: result error disconnect; }
    SubscribeResult {
        plain: expire_at allow;
        data: info / b64info data / b64data;
        message: r#override server_tags_filter;
    }
    PublishResponse { message: result error disconnect; }
    PublishResult {
        plain: skip_history tags idempotency_key delta version version_epoch;
        data: data / b64data;
    }
    SubRefreshResponse { message: result error disconnect; }
    SubRefreshResult {
        plain: expired expire_at;
        data: info / b64info;
    }
    RpcResponse { message: result error disconnect; }
    RpcResult { data: data / b64data; }
    NotifyCacheEmptyResponse { message: result; }
    NotifyCacheEmptyResult { plain: populated; }
    NotifyChannelStateResponse { message: result error; }
    NotifyChannelStateResult {}
    MapPublishResponse { message: result error disconnect; }
    MapPublishResult {
        plain: key tags score key_mode idempotency_key delta version version_epoch;
        data: data / b64data stream_data / b64stream_data;
    }
    MapRemoveResponse { message: result error disconnect; }
    MapRemoveResult { plain: key tags idempotency_key; }
    SharedPollRefreshResponse { message: result error; }
    SharedPollRefreshResult {
        plain: epoch;
        list: items;
    }
    SharedPollRefreshResultItem {
        plain: key version removed;
        data: data prev_data;
    }
}
