//! The namespaces of channels and methods.

use super::configuration::Configuration;
use super::key_table::join;
use super::request::SubscriptionType;

/// The options that apply to a channel or a method.
#[derive(Clone, Debug)]
pub(crate) struct Namespace {
    /// The path of the section with the options.
    pub(crate) path: String,
    /// The name, or `None` for `without_namespace`.
    pub(crate) name: Option<String>,
}

impl Namespace {
    /// Joins the path of the namespace and the name of an option.
    pub(crate) fn option(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// Returns the type of its subscriptions. A name that Centrifugo does not know counts as a stream.
    pub(crate) fn subscription_type(&self, configuration: &Configuration) -> SubscriptionType {
        SubscriptionType::from_name(&configuration.text(&self.option("subscription_type")))
            .unwrap_or_default()
    }

    /// Names the namespace in a sentence.
    pub(crate) fn display(&self, of: &str) -> String {
        match &self.name {
            Some(name) => format!("namespace `{name}`"),
            None => format!("{of} without a namespace"),
        }
    }
}

/// Splits a channel into the name of its namespace and the part that `channel_regex` is for.
pub(crate) fn split_channel<'a>(
    configuration: &Configuration,
    channel: &'a str,
) -> (Option<&'a str>, &'a str) {
    let private_prefix = configuration.text("channel.private_prefix");
    let trimmed = channel.strip_prefix(private_prefix.as_str()).unwrap_or(channel);
    match trimmed.split_once(configuration.text("channel.namespace_boundary").as_str()) {
        // An empty name is the same as none.
        Some(("", rest)) => (None, rest),
        Some((name, rest)) => (Some(name), rest),
        None => (None, channel),
    }
}

/// Returns the name of the namespace of a channel or a method. `section` is `channel` or `rpc`.
pub(crate) fn name<'a>(configuration: &Configuration, section: &str, text: &'a str) -> Option<&'a str> {
    if section == "channel" {
        return split_channel(configuration, text).0;
    }
    let boundary = configuration.text("rpc.namespace_boundary");
    let name = text.split_once(boundary.as_str()).map(|(name, _)| name);
    name.filter(|name| !name.is_empty())
}

/// Finds the namespace of a channel or a method. Returns the name if there is none of that name.
pub(crate) fn of<'a>(
    configuration: &Configuration,
    section: &str,
    text: &'a str,
) -> Result<Namespace, &'a str> {
    find(configuration, section, name(configuration, section, text))
}

/// Finds the namespace of a channel.
pub(crate) fn of_channel<'a>(configuration: &Configuration, channel: &'a str) -> Result<Namespace, &'a str> {
    of(configuration, "channel", channel)
}

/// Finds the namespace of a method.
pub(crate) fn of_method<'a>(configuration: &Configuration, method: &'a str) -> Result<Namespace, &'a str> {
    of(configuration, "rpc", method)
}

fn find<'a>(
    configuration: &Configuration,
    section: &str,
    name: Option<&'a str>,
) -> Result<Namespace, &'a str> {
    let Some(name) = name else {
        return Ok(Namespace {
            path: format!("{section}.without_namespace"),
            name: None,
        });
    };
    all(configuration, section)
        .into_iter()
        .find(|namespace| namespace.name.as_deref() == Some(name))
        .ok_or(name)
}

/// Returns all namespaces of `channel` or `rpc`, and `without_namespace` first.
pub(crate) fn all(configuration: &Configuration, section: &str) -> Vec<Namespace> {
    let without = Namespace {
        path: format!("{section}.without_namespace"),
        name: None,
    };
    let named = configuration
        .sections(&format!("{section}.namespaces"))
        .into_iter()
        .map(|(path, name)| Namespace {
            path,
            name: Some(name),
        });
    std::iter::once(without).chain(named).collect()
}

/// Whether clients need a token for the channel.
pub(crate) fn is_private(configuration: &Configuration, channel: &str) -> bool {
    channel.starts_with(configuration.text("channel.private_prefix").as_str())
}

/// Whether the channel names users.
pub(crate) fn names_users(configuration: &Configuration, channel: &str) -> bool {
    channel.contains(configuration.text("channel.user_boundary").as_str())
}

/// Whether the channel names this user, or none.
pub(crate) fn is_user_allowed(configuration: &Configuration, channel: &str, user: &str) -> bool {
    let boundary = configuration.text("channel.user_boundary");
    match channel.rsplit_once(boundary.as_str()) {
        None => true,
        Some((_, users)) => users
            .split(configuration.text("channel.user_separator").as_str())
            .any(|allowed| allowed == user),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Environment;
    use super::*;

    #[test]
    fn splits_channels() {
        let configuration = Configuration::default();
        for (channel, expected) in [
            ("chat:1:2", (Some("chat"), "1:2")),
            ("$chat:1", (Some("chat"), "1")),
            (":index", (None, "index")),
            ("$index", (None, "$index")),
            ("index", (None, "index")),
        ] {
            assert_eq!(split_channel(&configuration, channel), expected, "{channel}");
        }
        let file = json!({ "channel": { "private_prefix": "!", "namespace_boundary": "/" } });
        let configuration = Configuration::load(&file, &Environment::default());
        assert_eq!(split_channel(&configuration, "!chat/1"), (Some("chat"), "1"));
    }

    #[test]
    fn finds_the_users_of_a_channel() {
        let configuration = Configuration::default();
        for (channel, user, is_allowed) in [
            ("chat:a#42", "42", true),
            ("chat:a#42,43", "43", true),
            ("chat:a#4#42", "4", false),
            ("chat:a#", "", true),
            ("chat:a#42", "", false),
            ("chat:a", "x", true),
        ] {
            assert_eq!(
                is_user_allowed(&configuration, channel, user),
                is_allowed,
                "{channel}"
            );
        }
    }
}
