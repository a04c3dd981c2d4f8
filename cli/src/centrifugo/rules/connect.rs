//! Connect commands.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::proxies::proxy_at;
use super::super::request::Token;
use super::super::tokens;
use crate::description::Event;

const ANONYMOUS: &str = "client.allow_anonymous_connect_without_token";
const INSECURE: &str = "client.insecure";
const DISALLOW_ANONYMOUS_TOKENS: &str = "client.disallow_anonymous_connection_tokens";

pub(super) fn decide(configuration: &Configuration, token: Option<(Token, &str)>) -> Decision {
    let mut trace = Trace::default();
    if let Some((token, user)) = token {
        let (token, path) = tokens::verify(configuration, token, tokens::connection_key(configuration));
        let path = path.as_deref();
        return match token {
            Token::Expired => trace.refused(Code::Error(109), Rule::Token, "token is expired", path),
            Token::Invalid => {
                let text = match path {
                    Some(_) => "token is invalid",
                    None => "token cannot be checked: `client.token` has no key",
                };
                trace.refused(
                    Code::Disconnect(3500),
                    Rule::Token,
                    text,
                    path.or(Some("client.token")),
                )
            }
            Token::Valid | Token::Other
                if user.is_empty() && configuration.bool(DISALLOW_ANONYMOUS_TOKENS) =>
            {
                trace.refused(
                    Code::Disconnect(3507),
                    Rule::AnonymousToken,
                    "token has no user",
                    Some(DISALLOW_ANONYMOUS_TOKENS),
                )
            }
            Token::Valid | Token::Other => trace.let_in(
                Rule::Token,
                "token is valid: the connect proxy is not asked",
                path,
            ),
        };
    }
    trace.step("client has no token", None);
    if configuration.bool("client.proxy.connect.enabled") {
        trace.step("the connect proxy is on", Some("client.proxy.connect.enabled"));
        return trace.asked(proxy_at(configuration, Event::Connect, "client.proxy.connect"));
    }
    trace.step("the connect proxy is off", Some("client.proxy.connect.enabled"));
    if configuration.bool(ANONYMOUS) {
        return trace.let_in(
            Rule::AnonymousConnect,
            "client connects as an anonymous user",
            Some(ANONYMOUS),
        );
    }
    if configuration.bool(INSECURE) {
        return trace.let_in(
            Rule::Insecure,
            "client connects as an anonymous user",
            Some(INSECURE),
        );
    }
    trace.refused(
        Code::Disconnect(3501),
        Rule::NoRule,
        "nothing says who the client is",
        None,
    )
}
