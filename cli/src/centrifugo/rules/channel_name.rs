//! The rules for names of channels, which come first for most requests.

use regex::Regex;

use super::super::configuration::Configuration;
use super::super::decision::{Code, Decision, Rule, Trace};
use super::super::namespaces::{self, Namespace};

/// Finds the namespace of a channel, or returns the decision if the channel is refused.
pub(super) fn find_namespace(
    configuration: &Configuration,
    trace: &mut Trace,
    channel: &str,
) -> Result<Namespace, Box<Decision>> {
    let refused = |trace: &mut Trace, code, rule, text: String, path: Option<&str>| {
        let trace = std::mem::take(trace);
        Box::new(trace.refused(Code::Error(code), rule, text, path))
    };
    let namespace = match namespaces::of_channel(configuration, channel) {
        Ok(namespace) => namespace,
        Err(name) => {
            let text = format!("namespace `{name}` is not in the configuration");
            return Err(refused(
                trace,
                102,
                Rule::UnknownNamespace,
                text,
                Some("channel.namespaces"),
            ));
        }
    };
    trace.step(
        format!(
            "channel `{channel}` has the options of {}",
            namespace.display("channels")
        ),
        Some(&namespace.path),
    );
    let path = namespace.option("channel_regex");
    let regex = configuration.text(&path);
    if regex.is_empty() {
        if !channel.is_ascii() {
            let text = "channel has characters that are not ASCII, and the namespace has no `channel_regex`";
            return Err(refused(
                trace,
                107,
                Rule::ChannelName,
                text.into(),
                Some(&namespace.path),
            ));
        }
        return Ok(namespace);
    }
    let rest = namespaces::split_channel(configuration, channel).1;
    // Go and Rust have almost the same syntax. A channel is let through where it differs.
    let is_match = Regex::new(&regex).is_ok_and(|regex| !regex.is_match(rest));
    if is_match {
        let text = format!("`{rest}` does not match `channel_regex` {regex}");
        return Err(refused(trace, 107, Rule::ChannelName, text, Some(&path)));
    }
    Ok(namespace)
}
