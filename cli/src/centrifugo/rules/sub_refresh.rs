//! Refreshes of subscriptions that a client made. How it was let in does not matter.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::request::Token;
use super::super::{proxies, tokens};
use super::channel_name::find_namespace;
use super::shared_poll::is_shared_poll;

pub(super) fn decide(configuration: &Configuration, channel: &str, token: Option<Token>) -> Decision {
    let mut trace = Trace::default();
    let options = proxies::SUB_REFRESH;
    let namespace = match find_namespace(configuration, &mut trace, channel) {
        Ok(namespace) => namespace,
        Err(decision) => return *decision,
    };
    let mut path = namespace.option(options.enabled);
    let mut rule = Rule::NoProxy;
    if is_shared_poll(configuration, channel) {
        (rule, path) = (Rule::SubscriptionType, namespace.option("subscription_type"));
        let text = "no proxy is asked for subscriptions to shared poll channels";
        trace.step(text, Some(&path));
    } else if configuration.bool(&path) {
        trace.step(format!("`{}` is on", options.enabled), Some(&path));
        if token.is_some() {
            let text = "Centrifugo refreshes by itself, and closes a connection that sends a token";
            return trace.refused(Code::Disconnect(3501), Rule::ServerRefresh, text, Some(&path));
        }
        return trace.asked(options.proxy(configuration, &namespace.path));
    } else {
        trace.step(format!("`{}` is off", options.enabled), Some(&path));
    }
    let Some(token) = token else {
        let text = "client sends no new token: the subscription ends";
        return trace.refused(Code::Unsubscribe(2501), rule, text, Some(&path));
    };
    let key = tokens::subscription_key(configuration);
    let (token, path) = tokens::verify(configuration, token, key);
    let path = path.as_deref();
    match token {
        Token::Valid => trace.let_in(Rule::Token, "token is valid: the subscription goes on", path),
        Token::Expired => trace.refused(Code::Disconnect(3006), Rule::Token, "token is expired", path),
        Token::Invalid | Token::Other => {
            let text = match (token, path) {
                (Token::Other, _) => "token is for another user or channel",
                (_, Some(_)) => "token is invalid",
                (_, None) => "token cannot be checked: there is no key",
            };
            trace.refused(Code::Disconnect(3500), Rule::Token, text, path)
        }
    }
}
