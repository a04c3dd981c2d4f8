//! Publications of clients. Their data is taken for valid.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Outcome, Rule, Trace};
use super::super::proxies;
use super::super::request::SubscriptionType;
use super::channel_name::find_namespace;
use super::subscribe;

pub(super) fn decide(
    configuration: &Configuration,
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
    let options = proxies::PUBLISH;
    let path = namespace.option(options.enabled);
    if configuration.bool(&path) {
        trace.step(format!("`{}` is on", options.enabled), Some(&path));
        return trace.asked(options.proxy(configuration, &namespace.path));
    }
    trace.step(format!("`{}` is off", options.enabled), Some(&path));
    let stream = proxies::SUBSCRIBE_STREAM;
    if stream.is_enabled(configuration, &namespace.path) {
        let path = namespace.option("subscribe_stream_proxy_bidirectional");
        let not_available = Code::Error(108);
        if !configuration.bool(&path) {
            let text = "the stream takes nothing from clients";
            return trace.refused(not_available, Rule::OneWayStream, text, Some(&path));
        }
        // A token and a user-limited channel give a subscription without a stream.
        let kind = SubscriptionType::Stream;
        let subscription = subscribe::decide(configuration, channel, user, None, kind).outcome;
        let has_stream = matches!(&subscription, Outcome::Asked(proxy) if proxy.event == stream.event);
        if !is_subscribed || !has_stream {
            let text = "client has no stream to publish to";
            return trace.refused(not_available, Rule::NoStream, text, Some(&path));
        }
        trace.step("the publication goes into the client's stream", Some(&path));
        return trace.asked(stream.proxy(configuration, &namespace.path));
    }
    let is_known = !user.is_empty() || configuration.bool(&namespace.option("allow_publish_for_anonymous"));
    for (name, text, is_meant) in [
        ("allow_publish_for_client", "every client may publish", true),
        (
            "allow_publish_for_subscriber",
            "every subscriber may publish",
            is_subscribed,
        ),
    ] {
        let path = namespace.option(name);
        if configuration.bool(&path) && is_meant && is_known {
            return trace.let_in(Rule::Allowed, text, Some(&path));
        }
        trace.step(format!("`{name}` does not let the client publish"), Some(&path));
    }
    if configuration.bool("client.insecure") {
        return trace.let_in(Rule::Insecure, "the insecure mode is on", Some("client.insecure"));
    }
    trace.refused(
        Code::Error(103),
        Rule::NoRule,
        "no option lets the client publish",
        Some(&namespace.path),
    )
}
