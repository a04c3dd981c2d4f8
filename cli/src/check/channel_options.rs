//! Options that channel types declare.

use super::checker::Checker;
use super::finding::Finding;
use crate::centrifugo::{Value, find_key, namespaces};
use crate::description::Channel;

pub(super) fn check(checker: &mut Checker<'_>) {
    for channel in &checker.description.channels {
        if !channel.options.is_empty() {
            check_channel(checker, channel);
        }
    }
}

fn check_channel(checker: &mut Checker<'_>, channel: &Channel) {
    // Channel types begin with the name of their namespace.
    let sample = format!("{}1", channel.prefix);
    let namespace = match namespaces::of_channel(checker.configuration, &sample) {
        Ok(namespace) => namespace,
        Err(name) => {
            checker.add(
                Finding::error(
                    "channel-options",
                    format!(
                        "namespace `{name}` of the channel type `{}` at {} is not in the configuration",
                        channel.short_name(),
                        channel.place()
                    ),
                )
                .at("channel.namespaces")
                .help(format!(
                    "add a namespace with the name `{name}` and the options of the channel type"
                )),
            );
            return;
        }
    };
    for (name, declared) in &channel.options {
        let path = namespace.option(name);
        let Some(key) = find_key(&path) else { continue };
        let found = checker.configuration.value(&path);
        let expected = Value::from_file(key.key_type, declared);
        if expected.is_some_and(|expected| expected != found) {
            checker.add(
                Finding::error(
                    "channel-options",
                    format!(
                        "`{name}` is {found}, and the channel type `{}` at {} declares {declared}",
                        channel.short_name(),
                        channel.place()
                    ),
                )
                .at(path)
                .help(format!("set `{name}: {declared}`, or change the channel type")),
            );
        }
    }
}
