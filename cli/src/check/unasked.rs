//! Handlers that Centrifugo does not ask, and clients that it lets in without asking a handler.

use super::checker::Checker;
use super::finding::{Finding, Level};
use super::reach::{self, Target};
use crate::centrifugo::namespaces::{self, Namespace};
use crate::centrifugo::{Code, Configuration, Outcome, Request, Rule, decide, is_valid_name, join, tokens};
use crate::description::{Event, Handler};
use crate::pattern::Pattern;

/// The user of requests that are tried.
const USER: &str = "42";

pub(super) fn check(checker: &mut Checker<'_>) {
    let description = checker.description;
    for handler in &description.handlers {
        match handler.event {
            Event::NotifyChannelState | Event::NotifyCacheEmpty => {}
            Event::Connect | Event::Refresh => client_event(checker, handler),
            _ => targeted_event(checker, handler),
        }
    }
    if !description.handlers.is_empty() {
        insecure(checker);
        with_token(checker);
    }
    for namespace in namespaces::all(checker.configuration, "channel") {
        user_limited(checker, &namespace);
        connect_channels(checker, &namespace);
        without_handler(checker, &namespace);
    }
}

fn client_event(checker: &mut Checker<'_>, handler: &Handler) {
    let request = match handler.event {
        Event::Connect => Request::Connect { token: None },
        _ => Request::Refresh { token: None },
    };
    let outcome = decide(checker.configuration, &request).outcome;
    let option = format!("client.proxy.{}.enabled", handler.event);
    let help = format!("set `{option}: true`, and an endpoint");
    match outcome {
        Outcome::Asked(_) => {}
        Outcome::LetIn { path: Some(path), .. } if handler.event == Event::Connect => checker.add(
            Finding::error(
                "bypass",
                "clients connect without a token, and the handler is never asked",
            )
            .at(path)
            .of(handler)
            .help(help),
        ),
        _ => checker.add(
            Finding::error(
                "never-asked",
                format!("the handler is never asked: `{option}` is off"),
            )
            .at(option)
            .of(handler)
            .help(help),
        ),
    }
}

fn targeted_event(checker: &mut Checker<'_>, handler: &Handler) {
    let targets = reach::targets(checker.configuration, handler);
    let is_alone = reach::names_namespace(checker.configuration, handler);
    let outcomes: Vec<_> = targets
        .iter()
        .map(|target| {
            (
                target,
                decide(
                    checker.configuration,
                    &request(checker.configuration, handler.event, target),
                )
                .outcome,
            )
        })
        .collect();
    let is_asked =
        |outcome: &Outcome| matches!(outcome, Outcome::Asked(proxy) if proxy.event == handler.event);
    let is_any_asked = outcomes.iter().any(|(_, outcome)| is_asked(outcome));
    for (target, outcome) in &outcomes {
        match outcome {
            outcome if is_asked(outcome) => {}
            Outcome::LetIn { rule, path, .. } => {
                let_in(checker, handler, target, *rule, path.as_deref(), is_alone)
            }
            // User-limited channels have a finding for the whole namespace. A name that is not ASCII is not the handler's fault.
            Outcome::Refused {
                rule: Rule::ChannelName | Rule::UserLimited,
                ..
            } => {}
            // A pattern for any namespace need not be asked in all of them.
            _ if is_any_asked => {}
            _ => {
                never_asked(checker, handler, target, outcome);
                // One finding for each handler.
                return;
            }
        }
    }
}

/// Returns the request that would lead to the handler.
fn request<'a>(configuration: &Configuration, event: Event, target: &'a Target) -> Request<'a> {
    let (channel, user) = (target.name.as_str(), USER);
    let is_subscribed = true;
    match event {
        Event::Rpc => Request::Rpc { method: channel },
        Event::Publish => Request::Publish {
            channel,
            user,
            is_subscribed,
        },
        Event::MapPublish => Request::MapPublish {
            channel,
            user,
            is_subscribed,
        },
        Event::MapRemove => Request::MapRemove {
            channel,
            user,
            is_subscribed,
        },
        Event::SubRefresh => Request::SubRefresh { channel, token: None },
        Event::SharedPollRefresh => Request::SharedPollRefresh { channel },
        _ => Request::Subscribe {
            channel,
            user,
            token: None,
            subscription_type: target
                .namespace
                .as_ref()
                .map(|namespace| namespace.subscription_type(configuration))
                .unwrap_or_default(),
        },
    }
}

/// The option that switches an event on.
fn switch(event: Event) -> &'static str {
    match event {
        Event::Subscribe => "subscribe_proxy_enabled",
        Event::Publish => "publish_proxy_enabled",
        Event::SubRefresh => "sub_refresh_proxy_enabled",
        Event::SubscribeStream => "subscribe_stream_proxy_enabled",
        Event::MapPublish => "map.publish_proxy_enabled",
        Event::MapRemove => "map.remove_proxy_enabled",
        Event::SharedPollRefresh => "subscription_type",
        _ => "proxy_enabled",
    }
}

fn switch_help(handler: &Handler, target: &Target) -> String {
    let option = switch(handler.event);
    let value = match handler.event {
        Event::SharedPollRefresh => "\"shared_poll\"",
        _ => "true",
    };
    let (section, boundary) = match handler.event {
        Event::Rpc => ("rpc", ':'),
        _ => ("channel", ':'),
    };
    match (&target.namespace, target.name.split_once(boundary)) {
        (Some(namespace), _) => format!("set `{option}: {value}` in `{}`", namespace.path),
        (None, Some((name, _))) => format!(
            "add the namespace `{}` to `{section}.namespaces`, with `{option}: {value}`",
            name.trim_start_matches('$')
        ),
        (None, None) => format!("set `{option}: {value}`"),
    }
}

fn let_in(
    checker: &mut Checker<'_>,
    handler: &Handler,
    target: &Target,
    rule: Rule,
    path: Option<&str>,
    is_alone: bool,
) {
    // A method that Centrifugo answers itself lets nobody in, and a token is signed by the application.
    if matches!(rule, Rule::Ping | Rule::Token) {
        return;
    }
    // `user_limited` has a finding for the whole namespace.
    if rule == Rule::UserLimited {
        return;
    }
    let of = target.namespace.as_ref().map_or_else(
        || "channels".to_owned(),
        |namespace| namespace.display("channels"),
    );
    let who = match rule {
        Rule::Insecure => "every client passes, because `client.insecure` is on".to_owned(),
        _ => format!(
            "every client passes because of `{}`",
            path.map_or("an option", |path| path.rsplit('.').next().unwrap_or(path))
        ),
    };
    let level = if is_alone { Level::Error } else { Level::Warning };
    let mut finding = Finding::new(
        level,
        "bypass",
        format!("the handler is never asked for {of}: {who}"),
    )
    .of(handler)
    .help(format!(
        "{}, and remove the option that lets clients pass",
        switch_help(handler, target)
    ));
    finding.path = path.map(str::to_owned);
    checker.add(finding);
}

fn never_asked(checker: &mut Checker<'_>, handler: &Handler, target: &Target, outcome: &Outcome) {
    let what = if handler.event == Event::Rpc {
        "method"
    } else {
        "channel"
    };
    let (reason, path) = match outcome {
        Outcome::Asked(proxy) => (
            format!("Centrifugo asks with the event `{}` here", proxy.event),
            target
                .namespace
                .as_ref()
                .map(|namespace| namespace.option(switch(proxy.event))),
        ),
        Outcome::Refused { code, rule, path } => (refusal(*rule, *code, what, handler, target), path.clone()),
        Outcome::LetIn { path, .. } => ("clients pass".to_owned(), path.clone()),
    };
    // The option that is off says more than the section that has no option on.
    let option = target
        .namespace
        .as_ref()
        .map(|namespace| namespace.option(switch(handler.event)));
    let path = match outcome {
        Outcome::Refused {
            rule: Rule::NoRule | Rule::NoProxy | Rule::Token,
            ..
        } => option.or(path),
        _ => path,
    };
    let help = match outcome {
        Outcome::Refused {
            rule: Rule::PrivateChannel,
            ..
        } => "remove the handler, or rename the channels".to_owned(),
        _ if is_refused_name(target) => "rename the channels: names of namespaces have at least two of `A-Z`, `a-z`, `0-9`, `-`, `_` and `.`".to_owned(),
        _ => switch_help(handler, target),
    };
    let mut finding = Finding::error("never-asked", format!("the handler is never asked: {reason}"))
        .of(handler)
        .help(help);
    finding.path = path;
    checker.add(finding);
}

fn is_refused_name(target: &Target) -> bool {
    let name = target
        .name
        .trim_start_matches('$')
        .split_once(':')
        .map(|(name, _)| name);
    target.namespace.is_none() && name.is_some_and(|name| !is_valid_name(name))
}

fn refusal(rule: Rule, code: Code, what: &str, handler: &Handler, target: &Target) -> String {
    let received = format!("every client receives {code}");
    match rule {
        Rule::UnknownNamespace => format!(
            "the namespace of `{}` is not in the configuration; {received}",
            target.name
        ),
        Rule::PrivateChannel => "its channels begin with `channel.private_prefix`, so that clients need a token, which decides alone".to_owned(),
        Rule::SubscriptionType => format!("`subscription_type` is another one; {received}"),
        Rule::TooLong => format!("{what}s are too long; {received}"),
        Rule::OneWayStream | Rule::NoStream => format!(
            "the namespace has streams, which take the place of `{}`",
            handler.event
        ),
        _ if handler.event == Event::SubRefresh => format!("`{}` is off", switch(handler.event)),
        _ => format!("`{}` is off, and {received}", switch(handler.event)),
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
