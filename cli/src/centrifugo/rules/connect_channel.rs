//! Channels that a connect command names. Clients with a connection token, and anonymous ones, are subscribed on the server's
//! side if they may. Any client can send such a command, not only unidirectional ones.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::{namespaces, proxies};
use super::channel_name::find_namespace;

pub(super) fn decide(configuration: &Configuration, channel: &str, user: &str) -> Decision {
    let mut trace = Trace::default();
    let namespace = match find_namespace(configuration, &mut trace, channel) {
        Ok(namespace) => namespace,
        Err(mut decision) => {
            // The client is disconnected if the namespace is not known. Other channels are left out.
            if let super::super::decision::Outcome::Refused { code, rule, .. } = &mut decision.outcome
                && *rule == Rule::UnknownNamespace
            {
                *code = Code::Disconnect(3501);
            }
            return *decision;
        }
    };
    let left_out = Code::Error(103);
    let enabled = namespace.option(proxies::SUBSCRIBE.enabled);
    if namespaces::is_private(configuration, channel) {
        let path = Some("channel.private_prefix");
        return trace.refused(left_out, Rule::PrivateChannel, "channel is private", path);
    }
    if configuration.bool(&enabled) {
        let text = "the subscribe proxy is on: the channel is left out";
        return trace.refused(left_out, Rule::NoRule, text, Some(&enabled));
    }
    let limited = namespace.option("allow_user_limited_channels");
    let is_user_limited = configuration.bool(&limited) && namespaces::names_users(configuration, channel);
    if is_user_limited && !user.is_empty() && namespaces::is_user_allowed(configuration, channel, user) {
        return trace.let_in(Rule::UserLimited, "channel names the user", Some(&limited));
    }
    let for_client = namespace.option("allow_subscribe_for_client");
    let is_known = !user.is_empty() || configuration.bool(&namespace.option("allow_subscribe_for_anonymous"));
    if configuration.bool(&for_client) && is_known && !is_user_limited {
        return trace.let_in(Rule::Allowed, "every client may subscribe", Some(&for_client));
    }
    if configuration.bool("client.insecure") {
        return trace.let_in(Rule::Insecure, "the insecure mode is on", Some("client.insecure"));
    }
    trace.refused(
        left_out,
        Rule::NoRule,
        "no option lets the client in",
        Some(&namespace.path),
    )
}
