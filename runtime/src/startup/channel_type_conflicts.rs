//! Finds channel types that contradict each other or share a namespace.

use std::collections::BTreeMap;

use super::route_namespace::route_namespace;
use super::serve_error::Problem;
use crate::channel::{ChannelInfo, ChannelOption, Namespace, OptionValue};
use crate::event::Kind;
use crate::handler::Route;
use crate::routing::Pattern;

/// The option that says what the channels of a namespace are.
const SUBSCRIPTION_TYPE: &str = "subscription_type";

/// Adds contradictions among channel types and handlers to `problems`, and warns of namespaces that are shared.
pub(super) fn check(types: &[&'static ChannelInfo], routes: &[&'static Route], problems: &mut Vec<Problem>) {
    let mut patterns: BTreeMap<Pattern, &ChannelInfo> = BTreeMap::new();
    let mut namespaces: BTreeMap<Namespace, Vec<&ChannelInfo>> = BTreeMap::new();
    for info in types {
        let Ok(pattern) = Pattern::parse(info.pattern) else {
            continue;
        };
        namespaces
            .entry(Namespace::of_channels(&pattern))
            .or_default()
            .push(info);
        let first = *patterns.entry(pattern).or_insert(info);
        if !std::ptr::eq(first, *info) {
            problems.push(equal_patterns(first, info));
        }
    }
    for (namespace, types) in &namespaces {
        match namespace {
            Namespace::Refused(name) => {
                for info in types {
                    let reason = format!("namespace `{name}` is refused by Centrifugo");
                    warn(info, &reason, "Centrifugo has no channels of this type");
                }
            }
            Namespace::Named(_) | Namespace::Without => {
                let options = options(namespace, types, problems);
                warn_of_patterns(namespace, types, routes);
                check_kinds(types, &options, routes, problems);
                warn_of_map_subscriptions(types, &options, routes);
            }
            Namespace::Unknown { .. } => {}
        }
    }
}

fn equal_patterns(first: &ChannelInfo, second: &ChannelInfo) -> Problem {
    let text = format!(
        "two channel types have the pattern `{}`: `{}` here and `{}` at {}:{}; keep one of them",
        second.pattern, second.name, first.name, first.file, first.line
    );
    Problem::new(Some((second.file, second.line)), text)
}

/// Returns the options of a namespace with the types that have them first, and reports contradictions.
fn options<'a>(
    namespace: &Namespace,
    types: &[&'a ChannelInfo],
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'static str, (OptionValue, &'a ChannelInfo)> {
    let mut options: BTreeMap<&str, (OptionValue, &ChannelInfo)> = BTreeMap::new();
    for info in types {
        for ChannelOption { name, value } in info.options {
            let (first_value, first) = *options.entry(name).or_insert((*value, info));
            if first_value != *value {
                let text = format!(
                    "{} has two values of `{name}`: {value} of `{}` here and {first_value} of `{}` at {}:{}; write the same value, \
                     or move one of the types to another namespace",
                    subject(namespace),
                    info.name,
                    first.name,
                    first.file,
                    first.line
                );
                problems.push(Problem::new(Some((info.file, info.line)), text));
            }
        }
    }
    for info in types {
        let foreign: Vec<_> = options
            .iter()
            .filter(|(name, _)| info.options.iter().all(|option| option.name != **name))
            .map(|(name, (_, owner))| {
                format!("`{name}` of `{}` at {}:{}", owner.name, owner.file, owner.line)
            })
            .collect();
        if !foreign.is_empty() {
            let reason = format!("{} also has {}", subject(namespace), foreign.join(", "));
            warn(
                info,
                &reason,
                "options of another channel type apply to these channels too",
            );
        }
    }
    options
}

/// Warns of the first handler with a text as its pattern in the namespace.
fn warn_of_patterns(namespace: &Namespace, types: &[&ChannelInfo], routes: &[&Route]) {
    let is_text = |route: &&&Route| {
        route.channel_type.is_none()
            && route.kind != Kind::Rpc
            && route.pattern.is_some()
            && route_namespace(route).as_ref() == Some(namespace)
    };
    let (Some(info), Some(route)) = (types.first(), routes.iter().find(is_text)) else {
        return;
    };
    let reason = format!(
        "{} also has the pattern `{}` of `{}` at {}:{}: the options apply to its channels, and its publications are not checked",
        subject(namespace),
        route.pattern.unwrap_or_default(),
        route.name,
        route.file,
        route.line
    );
    warn(info, &reason, "channel type shares its namespace with a pattern");
}

/// Reports handlers that need another kind of channel than the options say.
fn check_kinds(
    types: &[&ChannelInfo],
    options: &BTreeMap<&'static str, (OptionValue, &ChannelInfo)>,
    routes: &[&Route],
    problems: &mut Vec<Problem>,
) {
    let Some((value, owner)) = options.get(SUBSCRIPTION_TYPE) else {
        return;
    };
    for route in routes {
        let is_here = has_one_of(route, types);
        let needed = match route.kind {
            Kind::MapPublish | Kind::MapRemove => "map",
            Kind::SharedPollRefresh => "shared_poll",
            _ => continue,
        };
        if is_here && *value != OptionValue::Text(needed) {
            let text = format!(
                "`{}` is called for channels with `{SUBSCRIPTION_TYPE} = {needed:?}`, but `{}` at {}:{} has {value}; remove that option",
                route.name, owner.name, owner.file, owner.line
            );
            problems.push(Problem::new(Some((route.file, route.line)), text));
        }
    }
}

/// Warns of handlers that are asked for subscriptions to a map. Centrifugo 6.9 then answers each client that they let in with error 107,
/// because it does not take over the type of the subscription, and replies have no field for it.
fn warn_of_map_subscriptions(
    types: &[&ChannelInfo],
    options: &BTreeMap<&'static str, (OptionValue, &ChannelInfo)>,
    routes: &[&Route],
) {
    let Some((OptionValue::Text("map" | "map_clients" | "map_users"), _)) = options.get(SUBSCRIPTION_TYPE)
    else {
        return;
    };
    let is_asked = |route: &&&Route| {
        matches!(route.kind, Kind::Subscribe | Kind::SubscribeStream) && has_one_of(route, types)
    };
    for route in routes.iter().filter(is_asked) {
        tracing::warn!(
            target: "centrifugo", kind = %route.kind, handler = route.name, pattern = route.pattern,
            place = format_args!("{}:{}", route.file, route.line),
            reason = "Centrifugo 6.9 subscribes no client to a map when it has asked a handler; remove the handler, and use subscription \
                      tokens or `allow_subscribe_for_client`",
            "clients that this handler lets in receive error 107",
        );
    }
}

/// Returns whether the channels of a handler have one of these types.
fn has_one_of(route: &Route, types: &[&ChannelInfo]) -> bool {
    route
        .channel_type
        .is_some_and(|info| types.iter().any(|known| std::ptr::eq(*known, info)))
}

fn subject(namespace: &Namespace) -> String {
    match namespace {
        Namespace::Named(name) => format!("namespace `{name}`"),
        _ => "the configuration of channels without a namespace".to_owned(),
    }
}

fn warn(info: &ChannelInfo, reason: &str, message: &str) {
    tracing::warn!(
        target: "centrifugo", channel_type = info.name, pattern = info.pattern,
        place = format_args!("{}:{}", info.file, info.line), reason, "{message}",
    );
}
