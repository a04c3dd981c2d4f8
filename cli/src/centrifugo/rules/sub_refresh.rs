//! Refreshes of subscriptions.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::request::Token;
use super::super::{namespaces, proxies, tokens};

pub(super) fn decide(configuration: &Configuration, channel: &str, token: Option<Token>) -> Decision {
    let mut trace = Trace::default();
    let options = proxies::SUB_REFRESH;
    let is_any_on = namespaces::all(configuration, "channel")
        .iter()
        .any(|namespace| options.is_enabled(configuration, &namespace.path));
    if token.is_none() && is_any_on {
        let namespace = match namespaces::of_channel(configuration, channel) {
            Ok(namespace) => namespace,
            Err(name) => {
                let text = format!("namespace `{name}` is not in the configuration");
                let path = Some("channel.namespaces");
                return trace.refused(Code::Error(102), Rule::UnknownNamespace, text, path);
            }
        };
        let path = namespace.option(options.enabled);
        if !configuration.bool(&path) {
            let text = format!("`{}` is off", options.enabled);
            return trace.refused(Code::Error(108), Rule::NoProxy, text, Some(&path));
        }
        trace.step(format!("`{}` is on", options.enabled), Some(&path));
        return trace.asked(options.proxy(configuration, &namespace.path));
    }
    let key = tokens::subscription_key(configuration);
    let (token, path) = tokens::verify(configuration, token.unwrap_or(Token::Invalid), key);
    let path = path.as_deref();
    match token {
        Token::Valid => trace.let_in(Rule::Token, "token is valid: no proxy is asked", path),
        Token::Expired => trace.refused(Code::Error(109), Rule::Token, "token is expired", path),
        Token::Invalid | Token::Other => {
            trace.refused(Code::Disconnect(3500), Rule::Token, "token is invalid", path)
        }
    }
}
