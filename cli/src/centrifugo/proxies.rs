//! Finds the proxy of an event.

use std::time::Duration;

use super::configuration::Configuration;
use super::decision::Proxy;
use super::key_table::join;
use crate::description::Event;

/// The name that stands for the proxies outside of `proxies`.
pub(crate) const DEFAULT_NAME: &str = "default";

/// Where an event of channels or methods is switched on, and where its proxy is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProxyOptions {
    pub(crate) event: Event,
    /// The options below a namespace.
    pub(crate) enabled: &'static str,
    pub(crate) name: &'static str,
    /// The path of the proxy that is called `default`.
    pub(crate) default: &'static str,
}

pub(crate) const SUBSCRIBE: ProxyOptions = ProxyOptions {
    event: Event::Subscribe,
    enabled: "subscribe_proxy_enabled",
    name: "subscribe_proxy_name",
    default: "channel.proxy.subscribe",
};
pub(crate) const PUBLISH: ProxyOptions = ProxyOptions {
    event: Event::Publish,
    enabled: "publish_proxy_enabled",
    name: "publish_proxy_name",
    default: "channel.proxy.publish",
};
pub(crate) const SUB_REFRESH: ProxyOptions = ProxyOptions {
    event: Event::SubRefresh,
    enabled: "sub_refresh_proxy_enabled",
    name: "sub_refresh_proxy_name",
    default: "channel.proxy.sub_refresh",
};
pub(crate) const SUBSCRIBE_STREAM: ProxyOptions = ProxyOptions {
    event: Event::SubscribeStream,
    enabled: "subscribe_stream_proxy_enabled",
    name: "subscribe_stream_proxy_name",
    default: "channel.proxy.subscribe_stream",
};
pub(crate) const MAP_PUBLISH: ProxyOptions = ProxyOptions {
    event: Event::MapPublish,
    enabled: "map.publish_proxy_enabled",
    name: "map.publish_proxy_name",
    default: "channel.proxy.map_publish",
};
pub(crate) const MAP_REMOVE: ProxyOptions = ProxyOptions {
    event: Event::MapRemove,
    enabled: "map.remove_proxy_enabled",
    name: "map.remove_proxy_name",
    default: "channel.proxy.map_remove",
};
pub(crate) const RPC: ProxyOptions = ProxyOptions {
    event: Event::Rpc,
    enabled: "proxy_enabled",
    name: "proxy_name",
    default: "rpc.proxy",
};
/// Has no switch: a namespace with `subscription_type` `shared_poll` is polled.
pub(crate) const SHARED_POLL_REFRESH: ProxyOptions = ProxyOptions {
    event: Event::SharedPollRefresh,
    enabled: "subscription_type",
    name: "shared_poll.proxy_name",
    default: "channel.proxy.shared_poll_refresh",
};

/// The events of channels.
pub(crate) const OF_CHANNELS: [ProxyOptions; 7] = [
    SUBSCRIBE,
    PUBLISH,
    SUB_REFRESH,
    SUBSCRIBE_STREAM,
    MAP_PUBLISH,
    MAP_REMOVE,
    SHARED_POLL_REFRESH,
];

/// The events that a namespace cannot have together with streams.
pub(crate) const NOT_WITH_STREAMS: [ProxyOptions; 3] = [SUBSCRIBE, PUBLISH, SUB_REFRESH];

impl ProxyOptions {
    /// Whether a namespace has the proxy on.
    pub(crate) fn is_enabled(&self, configuration: &Configuration, namespace: &str) -> bool {
        let path = join(namespace, self.enabled);
        match self.event {
            Event::SharedPollRefresh => configuration.text(&path) == "shared_poll",
            _ => configuration.bool(&path),
        }
    }

    /// Returns the path of the proxy of a namespace, or `None` if there is none of that name. Centrifugo does not start then.
    pub(crate) fn proxy_path(&self, configuration: &Configuration, namespace: &str) -> Option<String> {
        let name = configuration.text(&join(namespace, self.name));
        if name.is_empty() || name == DEFAULT_NAME {
            return Some(self.default.to_owned());
        }
        configuration
            .sections("proxies")
            .into_iter()
            .find(|(_, found)| *found == name)
            .map(|(path, _)| path)
    }

    /// Returns the proxy of a namespace.
    pub(crate) fn proxy(&self, configuration: &Configuration, namespace: &str) -> Proxy {
        let path = self
            .proxy_path(configuration, namespace)
            .unwrap_or_else(|| self.default.to_owned());
        proxy_at(configuration, self.event, &path)
    }
}

/// Returns the proxy at a path.
pub(crate) fn proxy_at(configuration: &Configuration, event: Event, path: &str) -> Proxy {
    let nanos = configuration.nanos(&join(path, "timeout"));
    Proxy {
        event,
        path: path.to_owned(),
        endpoint: configuration.text(&join(path, "endpoint")),
        timeout: Duration::from_nanos(u64::try_from(nanos).unwrap_or(0)),
    }
}
