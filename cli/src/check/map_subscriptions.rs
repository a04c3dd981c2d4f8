//! Handlers that are asked for subscriptions to maps.

use super::checker::Checker;
use super::finding::{Finding, Level};
use super::proxy_switch::switch;
use super::reach::Target;
use crate::centrifugo::SubscriptionType;
use crate::description::{Event, Handler};

/// Warns of a handler that is asked for subscriptions to a map.
///
/// A client's subscription and the reply must have the same type (`client_map.go` of centrifuge). Centrifugo 6.9 takes the type from
/// nowhere if a proxy is asked (`OnSubscribe` in `internal/client/handler.go`), and replies have no field for it.
pub(super) fn check(checker: &mut Checker<'_>, handler: &Handler, target: &Target) {
    let Some(namespace) = &target.namespace else {
        return;
    };
    let subscription_type = namespace.subscription_type(checker.configuration);
    let is_map = match subscription_type {
        SubscriptionType::Map | SubscriptionType::MapClients | SubscriptionType::MapUsers => true,
        SubscriptionType::Stream | SubscriptionType::SharedPoll => false,
    };
    if !is_map || !matches!(handler.event, Event::Subscribe | Event::SubscribeStream) {
        return;
    }
    let option = switch(handler.event);
    checker.add(
        Finding::new(
            Level::Warning,
            "map-subscription",
            format!(
                "clients that the handler lets in to {} receive error 107: Centrifugo 6.9 subscribes no client to a channel with \
                 `subscription_type: {}` when it has asked a handler",
                namespace.display("channels"),
                subscription_type.name()
            ),
        )
        .at(namespace.option(option))
        .of(handler)
        .help(format!(
            "set `{option}: false` in `{}`, and give clients a subscription token or set `allow_subscribe_for_client: true`",
            namespace.path
        )),
    );
}
