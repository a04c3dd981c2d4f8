//! The proxies that a configuration switches on.

use super::checker::Checker;
use super::reach;
use crate::centrifugo::namespaces::{self, Namespace};
use crate::centrifugo::proxies::{self, proxy_at};
use crate::centrifugo::{Configuration, Proxy, join};
use crate::description::{Event, Handler};

/// A proxy that is on for an event.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) proxy: Proxy,
    /// The path of the option that switches it on.
    pub(super) enabled: String,
    /// The namespace, for events of channels and methods.
    pub(super) namespace: Option<Namespace>,
}

impl Use {
    /// The path of an option of the proxy.
    pub(super) fn option(&self, name: &str) -> String {
        join(&self.proxy.path, name)
    }

    /// Returns the handlers that the proxy can ask.
    pub(super) fn handlers<'a>(&self, checker: &Checker<'a>) -> Vec<&'a Handler> {
        checker
            .description
            .handlers
            .iter()
            .filter(|handler| handler.event == self.proxy.event)
            .filter(|handler| {
                self.namespace
                    .as_ref()
                    .is_none_or(|namespace| reach::reaches(checker.configuration, handler, namespace))
            })
            .collect()
    }
}

/// Returns the proxies that are on, with the namespaces that use them.
pub(super) fn uses(configuration: &Configuration) -> Vec<Use> {
    let mut uses = Vec::new();
    for event in [Event::Connect, Event::Refresh] {
        let path = format!("client.proxy.{event}");
        let enabled = join(&path, "enabled");
        if configuration.bool(&enabled) {
            uses.push(Use {
                proxy: proxy_at(configuration, event, &path),
                enabled,
                namespace: None,
            });
        }
    }
    let mut add = |section: &str, options: &proxies::ProxyOptions| {
        for namespace in namespaces::all(configuration, section) {
            if options.is_enabled(configuration, &namespace.path) {
                uses.push(Use {
                    proxy: options.proxy(configuration, &namespace.path),
                    enabled: namespace.option(options.enabled),
                    namespace: Some(namespace),
                });
            }
        }
    };
    for options in &proxies::OF_CHANNELS {
        add("channel", options);
    }
    add("rpc", &proxies::RPC);
    uses
}

/// Returns the proxies that are on, each with all handlers that it can ask. A proxy stands once for each event.
pub(super) fn proxies_with_handlers<'a>(checker: &Checker<'a>) -> Vec<(Use, Vec<&'a Handler>)> {
    let mut found: Vec<(Use, Vec<&'a Handler>)> = Vec::new();
    for used in uses(checker.configuration) {
        let handlers = used.handlers(checker);
        let same = found.iter_mut().find(|(known, _)| {
            (&known.proxy.path, known.proxy.event) == (&used.proxy.path, used.proxy.event)
        });
        match same {
            Some((_, known)) => {
                for handler in handlers {
                    if !known.iter().any(|known| std::ptr::eq(*known, handler)) {
                        known.push(handler);
                    }
                }
            }
            None => found.push((used, handlers)),
        }
    }
    found
}
