//! Polls of shared poll channels.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::proxies;
use super::channel_name::find_namespace;

pub(super) fn decide(configuration: &Configuration, channel: &str) -> Decision {
    let mut trace = Trace::default();
    let namespace = match find_namespace(configuration, &mut trace, channel) {
        Ok(namespace) => namespace,
        Err(decision) => return *decision,
    };
    let options = proxies::SHARED_POLL_REFRESH;
    let path = namespace.option(options.enabled);
    if !options.is_enabled(configuration, &namespace.path) {
        let text = "`subscription_type` is not `shared_poll`";
        return trace.refused(Code::Error(103), Rule::SubscriptionType, text, Some(&path));
    }
    trace.step("`subscription_type` is `shared_poll`", Some(&path));
    trace.asked(options.proxy(configuration, &namespace.path))
}
