//! Subscriptions.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::request::{SubscriptionType, Token};
use super::super::{namespaces, proxies, tokens};
use super::channel_name::find_namespace;
use super::shared_poll;

pub(super) fn decide(
    configuration: &Configuration,
    channel: &str,
    user: &str,
    token: Option<Token>,
    subscription_type: SubscriptionType,
) -> Decision {
    let mut trace = Trace::default();
    if channel.is_empty() {
        return trace.refused(Code::Disconnect(3501), Rule::NoName, "channel has no name", None);
    }
    let wants_poll = subscription_type == SubscriptionType::SharedPoll;
    if let Some(decision) = shared_poll::wrong_type(configuration, channel, wants_poll) {
        return decision;
    }
    let max_len = configuration.int("channel.max_length");
    if i64::try_from(channel.len()).is_ok_and(|len| len > max_len && max_len > 0) {
        let text = format!("channel is longer than {max_len} bytes");
        return trace.refused(Code::Error(107), Rule::TooLong, text, Some("channel.max_length"));
    }
    let namespace = match find_namespace(configuration, &mut trace, channel) {
        Ok(namespace) => namespace,
        Err(decision) => return *decision,
    };
    let type_path = namespace.option("subscription_type");
    let configured = configuration.text(&type_path);
    let expected = if configured.is_empty() {
        "stream"
    } else {
        &configured
    };
    if expected != subscription_type.name() {
        let text = format!(
            "client asks for type `{}`, and the namespace has `{expected}`",
            subscription_type.name()
        );
        return trace.refused(Code::Error(103), Rule::SubscriptionType, text, Some(&type_path));
    }
    if let Some(token) = token {
        return by_token(configuration, trace, token);
    }
    trace.step("client has no subscription token", None);
    if namespaces::is_private(configuration, channel) {
        return trace.refused(
            Code::Error(103),
            Rule::PrivateChannel,
            "channel is private: it needs a token",
            Some("channel.private_prefix"),
        );
    }
    let limited = namespace.option("allow_user_limited_channels");
    let is_user_limited = configuration.bool(&limited) && namespaces::names_users(configuration, channel);
    if is_user_limited {
        if namespaces::is_user_allowed(configuration, channel, user) {
            return trace.let_in(Rule::UserLimited, "channel names the user", Some(&limited));
        }
        trace.step("channel names other users: no proxy is asked", Some(&limited));
    } else {
        for options in [proxies::SUBSCRIBE, proxies::SUBSCRIBE_STREAM] {
            let path = namespace.option(options.enabled);
            if configuration.bool(&path) {
                trace.step(format!("`{}` is on", options.enabled), Some(&path));
                return trace.asked(options.proxy(configuration, &namespace.path));
            }
            trace.step(format!("`{}` is off", options.enabled), Some(&path));
        }
        let path = namespace.option("allow_subscribe_for_client");
        let anonymous = namespace.option("allow_subscribe_for_anonymous");
        if !configuration.bool(&path) {
            trace.step("`allow_subscribe_for_client` is off", Some(&path));
        } else if user.is_empty() && !configuration.bool(&anonymous) {
            trace.step(
                "`allow_subscribe_for_client` is not for anonymous users",
                Some(&anonymous),
            );
        } else {
            return trace.let_in(Rule::Allowed, "every client may subscribe", Some(&path));
        }
    }
    if configuration.bool("client.insecure") {
        return trace.let_in(Rule::Insecure, "the insecure mode is on", Some("client.insecure"));
    }
    if is_user_limited {
        let text = "channel does not name the user";
        return trace.refused(Code::Error(103), Rule::UserLimited, text, Some(&limited));
    }
    trace.refused(
        Code::Error(103),
        Rule::NoRule,
        "no option lets the client in",
        Some(&namespace.path),
    )
}

fn by_token(configuration: &Configuration, trace: Trace, token: Token) -> Decision {
    let (token, path) = tokens::verify(configuration, token, tokens::subscription_key(configuration));
    let path = path.as_deref();
    match token {
        Token::Valid => trace.let_in(Rule::Token, "token is valid: no proxy is asked", path),
        Token::Expired => trace.refused(Code::Error(109), Rule::Token, "token is expired", path),
        Token::Other => trace.refused(
            Code::Disconnect(3500),
            Rule::Token,
            "token is for another user or channel",
            path,
        ),
        Token::Invalid => {
            let text = match path {
                Some(_) => "token is invalid",
                None => "token cannot be checked: there is no key",
            };
            trace.refused(Code::Error(103), Rule::Token, text, path.or(Some("client.token")))
        }
    }
}
