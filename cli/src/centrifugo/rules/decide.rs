//! The way of a request through the rules.

use super::super::configuration::Configuration;
use super::super::decision::Decision;
use super::super::proxies;
use super::super::request::Request;
use super::map::MapRules;
use super::{connect, connect_channel, map, publish, refresh, rpc, shared_poll, sub_refresh, subscribe};

/// Returns what Centrifugo 6.9 does with a request.
pub fn decide(configuration: &Configuration, request: &Request<'_>) -> Decision {
    match *request {
        Request::Connect { token } => connect::decide(configuration, token),
        Request::ConnectChannel { channel, user } => connect_channel::decide(configuration, channel, user),
        Request::Refresh { token } => refresh::decide(configuration, token),
        Request::Subscribe {
            channel,
            user,
            token,
            subscription_type,
        } => subscribe::decide(configuration, channel, user, token, subscription_type),
        Request::SubRefresh { channel, token } => sub_refresh::decide(configuration, channel, token),
        Request::Publish {
            channel,
            user,
            is_subscribed,
        } => publish::decide(configuration, channel, user, is_subscribed),
        Request::Rpc { method } => rpc::decide(configuration, method),
        Request::MapPublish {
            channel,
            user,
            is_subscribed,
        } => map::decide(configuration, &PUBLISH, channel, user, is_subscribed),
        Request::MapRemove {
            channel,
            user,
            is_subscribed,
        } => map::decide(configuration, &REMOVE, channel, user, is_subscribed),
        Request::SharedPollRefresh { channel } => shared_poll::decide(configuration, channel),
    }
}

const PUBLISH: MapRules = MapRules {
    proxy: proxies::MAP_PUBLISH,
    for_client: "map.allow_publish_for_client",
    for_subscriber: "map.allow_publish_for_subscriber",
    for_anonymous: "map.allow_publish_for_anonymous",
};

const REMOVE: MapRules = MapRules {
    proxy: proxies::MAP_REMOVE,
    for_client: "map.allow_remove_for_client",
    for_subscriber: "map.allow_remove_for_subscriber",
    for_anonymous: "map.allow_remove_for_anonymous",
};
