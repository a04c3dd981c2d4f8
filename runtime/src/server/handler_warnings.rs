//! Warnings at start for handlers that Centrifugo does not call, and for handlers with which it does not start.

use std::collections::HashMap;

use crate::channel::Namespace;
use crate::event::Kind;
use crate::handler::Route;
use crate::startup::{is_private, is_user_limited, route_namespace};

/// How Centrifugo reaches the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    #[cfg_attr(
        not(feature = "_direct"),
        allow(dead_code, reason = "unused without the feature")
    )]
    Grpc,
    /// Over HTTP only, which has no streams.
    #[cfg_attr(
        not(feature = "_direct"),
        allow(dead_code, reason = "unused without the feature")
    )]
    Http,
    /// Through RoadRunner, which delivers no streams and warns of them itself.
    RoadRunner,
}

/// A handler that does not work as its author expects.
#[derive(Debug)]
struct Finding<'a> {
    route: &'a Route,
    effect: Effect,
    reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// Centrifugo never calls the handler.
    Uncalled,
    /// Centrifugo does not start with the configuration that the handler needs.
    NoStart,
    /// Centrifugo calls the handler, unless an option is set.
    Note,
}

/// Logs what [`findings`] returns.
pub(super) fn log(routes: &[&'static Route], access: Access) {
    for finding in findings(routes, access) {
        let Finding {
            route,
            effect,
            reason,
        } = finding;
        match effect {
            Effect::Uncalled => route.warn_uncalled(&reason),
            Effect::NoStart => tracing::warn!(
                target: "centrifugo", kind = %route.kind, handler = route.name, pattern = route.pattern,
                place = format_args!("{}:{}", route.file, route.line), reason,
                "Centrifugo does not start with this handler",
            ),
            Effect::Note => tracing::info!(
                target: "centrifugo", kind = %route.kind, handler = route.name, pattern = route.pattern,
                place = format_args!("{}:{}", route.file, route.line), "{reason}",
            ),
        }
    }
}

/// Returns the handlers that Centrifugo never calls or does not start with, with the reasons.
pub(super) fn warnings<'a>(routes: &[&'a Route], access: Access) -> Vec<(&'a Route, String)> {
    findings(routes, access)
        .into_iter()
        .filter(|finding| finding.effect != Effect::Note)
        .map(|finding| (finding.route, finding.reason))
        .collect()
}

fn findings<'a>(routes: &[&'a Route], access: Access) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for &route in routes {
        let is_subscription = matches!(route.kind, Kind::Subscribe | Kind::SubscribeStream);
        let mut find = |effect, reason| {
            findings.push(Finding {
                route,
                effect,
                reason,
            })
        };
        if route.kind == Kind::SubscribeStream && access == Access::Http {
            find(
                Effect::Uncalled,
                "Centrifugo opens streams over gRPC only, and this program does not serve gRPC".to_owned(),
            );
        }
        if let Some(Namespace::Refused(name)) = route_namespace(route) {
            find(
                Effect::Uncalled,
                format!(
                    "namespace `{name}` is refused by Centrifugo: names have at least two of `A-Z`, `a-z`, `0-9`, `-`, `_` and `.`"
                ),
            );
        }
        if is_subscription && is_private(route) {
            find(
                Effect::Uncalled,
                "Centrifugo asks no handler for channels that begin with `$`: clients subscribe to them with a token".to_owned(),
            );
        } else if is_subscription && is_user_limited(route) {
            find(
                Effect::Note,
                "handler is not called for channels with `#` if `allow_user_limited_channels` is on"
                    .to_owned(),
            );
        }
    }
    // RoadRunner delivers no streams, and Centrifugo opens none over HTTP.
    if access == Access::Grpc {
        findings.extend(mixed_namespaces(routes));
    }
    findings
}

/// Returns whether Centrifugo calls the handler, apart from what the protocol allows.
pub(super) fn is_called(route: &Route) -> bool {
    let is_subscription = matches!(route.kind, Kind::Subscribe | Kind::SubscribeStream);
    let is_refused = matches!(route_namespace(route), Some(Namespace::Refused(_)));
    !(is_refused || is_subscription && is_private(route))
}

/// Returns the first stream handler of each namespace that also has handlers for other events. Centrifugo does not start with
/// such a namespace (`internal/config/validate.go`).
fn mixed_namespaces<'a>(routes: &[&'a Route]) -> Vec<Finding<'a>> {
    let mut others = HashMap::new();
    let mut streams = Vec::new();
    for &route in routes.iter().filter(|route| is_called(route)) {
        let Some(name) = option_owner(route) else { continue };
        match route.kind {
            Kind::SubscribeStream => streams.push((name, route)),
            Kind::Subscribe | Kind::Publish | Kind::SubRefresh => {
                others.entry(name).or_insert(route);
            }
            _ => {}
        }
    }
    let mut findings = Vec::new();
    for (name, route) in streams {
        // One finding for each namespace.
        let Some(other) = others.remove(&name) else {
            continue;
        };
        let subject = match &name {
            Some(name) => format!("namespace `{name}` has"),
            None => "channels without a namespace have".to_owned(),
        };
        findings.push(Finding {
            route,
            effect: Effect::NoStart,
            reason: format!(
                "{subject} handlers for `subscribe_stream` and for other events, such as `{}` at {}:{}; move the streams to a namespace of \
                 their own",
                other.name, other.file, other.line
            ),
        });
    }
    findings
}

/// Returns the namespace that has the handler's options: `Some(None)` for channels without a namespace, and `None` if the
/// namespace is not known.
fn option_owner(route: &Route) -> Option<Option<String>> {
    match route_namespace(route)? {
        Namespace::Named(name) => Some(Some(name)),
        Namespace::Without | Namespace::Unknown { or_without: true } => Some(None),
        Namespace::Refused(_) | Namespace::Unknown { or_without: false } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::test_route::route;

    fn reasons(handlers: &[(Kind, &'static str)], access: Access) -> Vec<(Effect, String)> {
        let routes: Vec<_> = handlers
            .iter()
            .map(|(kind, pattern)| route(*kind, Some(pattern)))
            .collect();
        findings(&routes, access)
            .into_iter()
            .map(|finding| (finding.effect, finding.reason))
            .collect()
    }

    #[test]
    fn names_the_namespaces_that_centrifugo_refuses() {
        let handlers = [
            (Kind::Subscribe, "a:{x}"),
            (Kind::Rpc, "b:get"),
            (Kind::Publish, "chat:*"),
            (Kind::Rpc, "get"),
        ];
        let reasons = reasons(&handlers, Access::RoadRunner);
        assert_eq!(reasons.len(), 2, "{reasons:?}");
        assert!(
            reasons[0]
                .1
                .starts_with("namespace `a` is refused by Centrifugo: names have at least two of")
        );
        assert!(reasons[1].1.contains("`b`"));
    }

    #[test]
    fn finds_subscribe_handlers_for_private_and_user_limited_channels() {
        let private = [
            (Kind::Subscribe, "$news:{id}"),
            (Kind::Publish, "$news:{id}"),
            (Kind::SubRefresh, "$news:{id}"),
            (Kind::Rpc, "$news"),
        ];
        let found = reasons(&private, Access::Grpc);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, Effect::Uncalled);
        assert!(found[0].1.contains("token"));
        let limited = [(Kind::Subscribe, "dialog:#{a}"), (Kind::Publish, "dialog:#{a}")];
        let found = reasons(&limited, Access::Grpc);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, Effect::Note);
    }

    #[test]
    fn finds_streams_that_http_cannot_open() {
        let streams = [(Kind::SubscribeStream, "clock:*")];
        assert!(reasons(&streams, Access::Grpc).is_empty());
        let found = reasons(&streams, Access::Http);
        assert!(found[0].1.contains("over gRPC only"), "{found:?}");
    }

    #[test]
    fn finds_streams_and_other_events_in_one_namespace() {
        let handlers = [
            (Kind::SubscribeStream, "chat:{room}"),
            (Kind::SubscribeStream, "chat:{room}:second"),
            (Kind::Publish, "chat:*"),
            (Kind::SubscribeStream, "clock:*"),
            (Kind::Subscribe, "news:*"),
            (Kind::Subscribe, "$clock:*"),
            (Kind::SubscribeStream, "*"),
            (Kind::SubRefresh, "{x}"),
        ];
        let found: Vec<_> = reasons(&handlers, Access::Grpc)
            .into_iter()
            .filter(|(effect, _)| *effect == Effect::NoStart)
            .map(|(_, reason)| reason)
            .collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("namespace `chat` has handlers for `subscribe_stream`"));
        assert!(found[0].contains("src/main.rs:7"));
        assert!(found[1].starts_with("channels without a namespace have"));
    }
}
