//! Calls of methods.

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::{namespaces, proxies};

pub(super) fn decide(configuration: &Configuration, method: &str) -> Decision {
    let mut trace = Trace::default();
    let has_ping = configuration.bool("rpc.ping.enabled");
    if has_ping && method == configuration.text("rpc.ping.method") {
        return trace.let_in(
            Rule::Ping,
            "Centrifugo answers the method itself",
            Some("rpc.ping.enabled"),
        );
    }
    let options = proxies::RPC;
    let is_any_on = namespaces::all(configuration, "rpc")
        .iter()
        .any(|namespace| options.is_enabled(configuration, &namespace.path));
    if !is_any_on {
        // The code depends on whether Centrifugo answers any method.
        let code = Code::Error(if has_ping { 104 } else { 108 });
        return trace.refused(
            code,
            Rule::NoProxy,
            "no namespace has `proxy_enabled`",
            Some("rpc"),
        );
    }
    let namespace = match namespaces::of_method(configuration, method) {
        Ok(namespace) => namespace,
        Err(name) => {
            let text = format!("namespace `{name}` is not in the configuration");
            return trace.refused(
                Code::Error(104),
                Rule::UnknownNamespace,
                text,
                Some("rpc.namespaces"),
            );
        }
    };
    trace.step(
        format!(
            "method `{method}` has the options of {}",
            namespace.display("methods")
        ),
        Some(&namespace.path),
    );
    let path = namespace.option(options.enabled);
    if !configuration.bool(&path) {
        let text = "`proxy_enabled` is off";
        return trace.refused(Code::Error(108), Rule::NoProxy, text, Some(&path));
    }
    trace.step("`proxy_enabled` is on", Some(&path));
    trace.asked(options.proxy(configuration, &namespace.path))
}
