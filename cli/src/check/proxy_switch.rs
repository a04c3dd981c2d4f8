//! The option that makes Centrifugo ask a handler.

use super::reach::{self, Target};
use crate::centrifugo::{Configuration, namespaces};
use crate::description::{Event, Handler};

/// The option that switches an event on.
pub(super) fn switch(event: Event) -> &'static str {
    match event {
        Event::Subscribe => "subscribe_proxy_enabled",
        Event::Publish => "publish_proxy_enabled",
        Event::SubRefresh => "sub_refresh_proxy_enabled",
        Event::SubscribeStream => "subscribe_stream_proxy_enabled",
        Event::MapPublish => "map.publish_proxy_enabled",
        Event::MapRemove => "map.remove_proxy_enabled",
        Event::SharedPollRefresh => "subscription_type",
        _ => "proxy_enabled",
    }
}

/// Says how to switch it on.
pub(super) fn switch_help(configuration: &Configuration, handler: &Handler, target: &Target) -> String {
    let option = switch(handler.event);
    let value = match handler.event {
        Event::SharedPollRefresh => "\"shared_poll\"",
        _ => "true",
    };
    let section = reach::section(handler.event);
    match (
        &target.namespace,
        namespaces::name(configuration, section, &target.name),
    ) {
        (Some(namespace), _) => format!("set `{option}: {value}` in `{}`", namespace.path),
        (None, Some(name)) => {
            format!("add the namespace `{name}` to `{section}.namespaces`, with `{option}: {value}`")
        }
        (None, None) => format!("set `{option}: {value}`"),
    }
}
