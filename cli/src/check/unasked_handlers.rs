//! Handlers that Centrifugo does not ask.

use super::checker::Checker;
use super::finding::{Finding, Level};
use super::map_subscriptions;
use super::proxy_switch::{switch, switch_help};
use super::reach::{self, Target, USER};
use crate::centrifugo::{Code, Configuration, Outcome, Request, Rule, decide, is_valid_name, namespaces};
use crate::description::{Event, Handler};

pub(super) fn check(checker: &mut Checker<'_>) {
    let description = checker.description;
    for handler in &description.handlers {
        match handler.event {
            Event::NotifyChannelState | Event::NotifyCacheEmpty => {}
            Event::Connect | Event::Refresh => client_event(checker, handler),
            _ => targeted_event(checker, handler),
        }
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
            outcome if is_asked(outcome) => map_subscriptions::check(checker, handler, target),
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
        switch_help(checker.configuration, handler, target)
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
        _ if is_refused_name(checker.configuration, handler, target) => "rename the channels: names of namespaces have at least two of `A-Z`, `a-z`, `0-9`, `-`, `_` and `.`".to_owned(),
        _ => switch_help(checker.configuration, handler, target),
    };
    let mut finding = Finding::error("never-asked", format!("the handler is never asked: {reason}"))
        .of(handler)
        .help(help);
    finding.path = path;
    checker.add(finding);
}

fn is_refused_name(configuration: &Configuration, handler: &Handler, target: &Target) -> bool {
    let name = namespaces::name(configuration, reach::section(handler.event), &target.name);
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
        Rule::SubscriptionType if handler.event == Event::SubRefresh => {
            "no handler is asked for subscriptions to shared poll channels".to_owned()
        }
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
