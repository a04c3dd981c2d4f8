//! Changes of map channels by clients.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::proxies::ProxyOptions;
use super::channel_name::find_namespace;

/// The options for one kind of change.
pub(super) struct MapRules {
    pub(super) proxy: ProxyOptions,
    pub(super) for_client: &'static str,
    pub(super) for_subscriber: &'static str,
    pub(super) for_anonymous: &'static str,
}

pub(super) fn decide(
    configuration: &Configuration,
    rules: &MapRules,
    channel: &str,
    user: &str,
    is_subscribed: bool,
) -> Decision {
    let mut trace = Trace::default();
    if channel.is_empty() {
        return trace.refused(Code::Disconnect(3501), Rule::NoName, "channel has no name", None);
    }
    let namespace = match find_namespace(configuration, &mut trace, channel) {
        Ok(namespace) => namespace,
        Err(decision) => return *decision,
    };
    let path = namespace.option(rules.proxy.enabled);
    if configuration.bool(&path) {
        trace.step(format!("`{}` is on", rules.proxy.enabled), Some(&path));
        return trace.asked(rules.proxy.proxy(configuration, &namespace.path));
    }
    trace.step(format!("`{}` is off", rules.proxy.enabled), Some(&path));
    let is_known = !user.is_empty() || configuration.bool(&namespace.option(rules.for_anonymous));
    let allowed = [(rules.for_client, true), (rules.for_subscriber, is_subscribed)]
        .into_iter()
        .find(|(name, is_meant)| *is_meant && is_known && configuration.bool(&namespace.option(name)));
    let (rule, path) = match allowed {
        Some((name, _)) => (Rule::Allowed, namespace.option(name)),
        None if configuration.bool("client.insecure") => (Rule::Insecure, "client.insecure".to_owned()),
        None => {
            let text = "no option lets the client change the map";
            return trace.refused(Code::Error(103), Rule::NoRule, text, Some(&namespace.path));
        }
    };
    let client_key = namespace.option("map.client_key");
    if configuration.text(&client_key) == "user_id" && user.is_empty() {
        let text = "key is the user, and the client has none";
        return trace.refused(Code::Error(103), Rule::NoRule, text, Some(&client_key));
    }
    trace.let_in(rule, "client may change the map", Some(&path))
}
