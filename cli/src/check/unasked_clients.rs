//! Clients that Centrifugo lets in without asking a handler.

use super::checker::Checker;
use super::finding::{Finding, Level};
use super::reach::{self, USER};
use crate::centrifugo::namespaces::{self, Namespace};
use crate::centrifugo::{Outcome, Request, decide, join, tokens};
use crate::description::{Event, Handler};
use crate::pattern::Pattern;

pub(super) fn check(checker: &mut Checker<'_>) {
    if !checker.description.handlers.is_empty() {
        insecure(checker);
        with_token(checker);
    }
    for namespace in namespaces::all(checker.configuration, "channel") {
        user_limited(checker, &namespace);
        connect_channels(checker, &namespace);
        without_handler(checker, &namespace);
    }
}

/// Returns the first handler for subscriptions that reaches the namespace.
fn subscribe_handler<'a>(checker: &Checker<'a>, namespace: &Namespace) -> Option<&'a Handler> {
    checker
        .description
        .handlers
        .iter()
        .filter(|handler| matches!(handler.event, Event::Subscribe | Event::SubscribeStream))
        .find(|handler| reach::reaches(checker.configuration, handler, namespace))
}

fn insecure(checker: &mut Checker<'_>) {
    if checker.configuration.bool("client.insecure") {
        checker.add(
            Finding::error(
                "bypass",
                "the insecure mode is on: clients pass wherever no proxy is on, and connections do not expire",
            )
            .at("client.insecure")
            .help("remove `client.insecure`"),
        );
    }
    if checker.configuration.bool(tokens::SKIP_SIGNATURE) {
        checker.add(
            Finding::error(
                "bypass",
                "signatures of tokens are not checked: every client can write a token that lets it in",
            )
            .at(tokens::SKIP_SIGNATURE)
            .help("remove the option"),
        );
    }
}

fn with_token(checker: &mut Checker<'_>) {
    let first = |event| {
        checker
            .description
            .handlers
            .iter()
            .find(move |handler: &&Handler| handler.event == event)
    };
    let subscribe = first(Event::Subscribe).or_else(|| first(Event::SubscribeStream));
    let connect = first(Event::Connect);
    if let (Some(path), Some(handler)) = (tokens::connection_key(checker.configuration), connect) {
        checker.add(
            Finding::note(
                "token",
                "for clients with a connection token, the connect handler is not asked",
            )
            .at(path)
            .of(handler)
            .help("remove the key if no client has a token"),
        );
    }
    if let (Some(path), Some(handler)) = (tokens::subscription_key(checker.configuration), subscribe) {
        checker.add(
            Finding::note(
                "token",
                "for clients with a subscription token, the handler is not asked: the token decides alone",
            )
            .at(path)
            .of(handler)
            .help("remove the key if no client has a token"),
        );
    }
}

fn user_limited(checker: &mut Checker<'_>, namespace: &Namespace) {
    let path = namespace.option("allow_user_limited_channels");
    if !checker.configuration.bool(&path) {
        return;
    }
    let Some(handler) = subscribe_handler(checker, namespace) else {
        return;
    };
    let boundary = checker.configuration.text("channel.user_boundary");
    let is_matched = handler
        .pattern
        .as_deref()
        .is_some_and(|pattern| Pattern::parse(pattern).can_contain(&boundary));
    let of = namespace.display("channels");
    let message = if is_matched {
        format!(
            "the handler is not asked for {of} with `{boundary}`: the users whose ids follow it may subscribe"
        )
    } else {
        format!(
            "users subscribe to channels of {of} with `{boundary}` and their id, and the handler is not asked"
        )
    };
    checker.add(
        Finding::error("bypass", message)
            .at(path)
            .of(handler)
            .help("remove the option, or move user-limited channels to a namespace without handlers"),
    );
}

/// Any client with a token can name channels in its connect command. Centrifugo leaves out those of the subscribe proxy, but not
/// those of streams.
fn connect_channels(checker: &mut Checker<'_>, namespace: &Namespace) {
    let configuration = checker.configuration;
    if !configuration.bool(&namespace.option("subscribe_stream_proxy_enabled")) {
        return;
    }
    let has_anonymous = configuration.bool("client.allow_anonymous_connect_without_token");
    let has_clients = tokens::connection_key(configuration).is_some()
        || has_anonymous
        || configuration.bool("client.insecure");
    let Some(handler) = subscribe_handler(checker, namespace).filter(|_| has_clients) else {
        return;
    };
    let channel = match &namespace.name {
        Some(name) => format!("{name}{}1", configuration.text("channel.namespace_boundary")),
        None => "1".to_owned(),
    };
    let request = Request::ConnectChannel {
        channel: &channel,
        user: USER,
    };
    if let Outcome::LetIn { path: Some(path), .. } = decide(configuration, &request).outcome {
        checker.add(
            Finding::error(
                "bypass",
                format!(
                    "clients that name a channel of {} in their connect command are subscribed without a stream, and the handler is not asked",
                    namespace.display("channels")
                ),
            )
            .at(path)
            .of(handler)
            .help("remove the option"),
        );
    }
}

/// Options that let clients in where the program has no handler.
fn without_handler(checker: &mut Checker<'_>, namespace: &Namespace) {
    let has_handler = |event: Event| {
        checker.description.handlers.iter().any(|handler| {
            handler.event == event && reach::reaches(checker.configuration, handler, namespace)
        })
    };
    let of = namespace.display("channels");
    let mut findings = Vec::new();
    let mut find = |level, event, options: &[(&str, &str)], switches: &[&str]| {
        let is_on = |name: &&str| checker.configuration.bool(&join(&namespace.path, name));
        if has_handler(event) || switches.iter().any(&is_on) {
            return;
        }
        if let Some((option, who)) = options.iter().find(|(name, _)| is_on(name)) {
            findings.push(
                Finding::new(
                    level,
                    "unasked",
                    format!("{who} of {of}, and no handler is asked"),
                )
                .at(namespace.option(option))
                .help(format!(
                    "add a handler with `#[{event}]` and turn on its proxy if the program shall decide"
                )),
            );
        }
    };
    find(
        Level::Warning,
        Event::Publish,
        &[
            ("allow_publish_for_client", "clients publish to channels"),
            ("allow_publish_for_subscriber", "subscribers publish to channels"),
        ],
        &["publish_proxy_enabled", "subscribe_stream_proxy_enabled"],
    );
    find(
        Level::Warning,
        Event::MapPublish,
        &[
            ("map.allow_publish_for_client", "clients set keys"),
            ("map.allow_publish_for_subscriber", "subscribers set keys"),
        ],
        &["map.publish_proxy_enabled"],
    );
    find(
        Level::Warning,
        Event::MapRemove,
        &[
            ("map.allow_remove_for_client", "clients remove keys"),
            ("map.allow_remove_for_subscriber", "subscribers remove keys"),
        ],
        &["map.remove_proxy_enabled"],
    );
    if !has_handler(Event::SubscribeStream) {
        find(
            Level::Note,
            Event::Subscribe,
            &[("allow_subscribe_for_client", "clients subscribe to channels")],
            &["subscribe_proxy_enabled", "subscribe_stream_proxy_enabled"],
        );
    }
    for finding in findings {
        checker.add(finding);
    }
}
