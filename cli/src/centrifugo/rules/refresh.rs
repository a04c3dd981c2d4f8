//! Refreshes of connections.

use super::super::configuration::Configuration;
use super::super::decision::{Decision, Rule, Trace};
use super::super::proxies::proxy_at;
use super::super::tokens;
use crate::description::Event;

pub(super) fn decide(configuration: &Configuration) -> Decision {
    let mut trace = Trace::default();
    let path = "client.proxy.refresh.enabled";
    if configuration.bool(path) {
        trace.step("the refresh proxy is on", Some(path));
        return trace.asked(proxy_at(configuration, Event::Refresh, "client.proxy.refresh"));
    }
    trace.step("the refresh proxy is off", Some(path));
    let key = tokens::connection_key(configuration);
    trace.let_in(
        Rule::Token,
        "client goes on with a new token",
        key.as_deref().or(Some("client.token")),
    )
}
