//! Polls of shared poll channels, and the type of subscription that they need.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::{namespaces, proxies};
use super::channel_name::find_namespace;

pub(super) fn decide(configuration: &Configuration, channel: &str) -> Decision {
    let mut trace = Trace::default();
    if let Some(decision) = wrong_type(configuration, channel, true) {
        return decision;
    }
    let namespace = match find_namespace(configuration, &mut trace, channel) {
        Ok(namespace) => namespace,
        Err(decision) => return *decision,
    };
    let options = proxies::SHARED_POLL_REFRESH;
    let path = namespace.option(options.enabled);
    trace.step("`subscription_type` is `shared_poll`", Some(&path));
    trace.asked(options.proxy(configuration, &namespace.path))
}

/// Whether the channel is a shared poll channel.
pub(super) fn is_shared_poll(configuration: &Configuration, channel: &str) -> bool {
    namespaces::of_channel(configuration, channel)
        .is_ok_and(|namespace| proxies::SHARED_POLL_REFRESH.is_enabled(configuration, &namespace.path))
}

/// Refuses a shared poll subscription to another channel, and another subscription to a shared poll channel. Centrifugo does so before
/// it looks at anything else.
pub(super) fn wrong_type(configuration: &Configuration, channel: &str, wants_poll: bool) -> Option<Decision> {
    let is_poll = is_shared_poll(configuration, channel);
    if is_poll == wants_poll {
        return None;
    }
    let trace = Trace::default();
    let code = Code::Error(if is_poll { 107 } else { 108 });
    Some(match namespaces::of_channel(configuration, channel) {
        Ok(namespace) => {
            let path = namespace.option("subscription_type");
            let is = if is_poll { "is" } else { "is not" };
            let text = format!("`subscription_type` {is} `shared_poll`");
            trace.refused(code, Rule::SubscriptionType, text, Some(&path))
        }
        Err(name) => {
            let text = format!("namespace `{name}` is not in the configuration");
            trace.refused(code, Rule::UnknownNamespace, text, Some("channel.namespaces"))
        }
    })
}
