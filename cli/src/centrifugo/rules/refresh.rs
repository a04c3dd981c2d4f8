//! Refreshes of connections.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::proxies::proxy_at;
use super::super::request::Token;
use super::super::tokens;
use crate::description::Event;

pub(super) fn decide(configuration: &Configuration, token: Option<Token>) -> Decision {
    let mut trace = Trace::default();
    let path = "client.proxy.refresh.enabled";
    if configuration.bool(path) {
        trace.step("the refresh proxy is on", Some(path));
        if token.is_some() {
            let text = "Centrifugo refreshes by itself, and closes a connection that sends a token";
            return trace.refused(Code::Disconnect(3501), Rule::ServerRefresh, text, Some(path));
        }
        return trace.asked(proxy_at(configuration, Event::Refresh, "client.proxy.refresh"));
    }
    trace.step("the refresh proxy is off", Some(path));
    let Some(token) = token else {
        let text = "client sends no new token: the connection ends";
        return trace.refused(Code::Disconnect(3005), Rule::NoProxy, text, Some(path));
    };
    let (token, path) = tokens::verify(configuration, token, tokens::connection_key(configuration));
    let path = path.as_deref();
    match token {
        Token::Valid => trace.let_in(Rule::Token, "token is valid: the connection goes on", path),
        Token::Expired => trace.refused(Code::Disconnect(3005), Rule::Token, "token is expired", path),
        Token::Invalid | Token::Other => {
            let text = match (token, path) {
                (Token::Other, _) => "token is for another user",
                (_, Some(_)) => "token is invalid",
                (_, None) => "token cannot be checked: there is no key",
            };
            trace.refused(Code::Disconnect(3500), Rule::Token, text, path)
        }
    }
}
