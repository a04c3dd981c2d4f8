//! Which namespaces the pattern of a handler reaches.

use crate::centrifugo::Configuration;
use crate::centrifugo::namespaces::{self, Namespace};
use crate::description::{Event, Handler};
use crate::pattern::Pattern;

/// The user of requests that are tried.
pub(super) const USER: &str = "42";

/// A channel or method that a handler answers for.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The channel or method.
    pub(super) name: String,
    /// The namespace, or `None` if it is not in the configuration.
    pub(super) namespace: Option<Namespace>,
}

/// Returns one channel or method of a handler for each namespace that its pattern reaches. Returns one without a namespace if it
/// reaches none.
pub(super) fn targets(configuration: &Configuration, handler: &Handler) -> Vec<Target> {
    let section = section(handler.event);
    let Some(pattern) = handler.pattern.as_deref().map(Pattern::parse) else {
        return Vec::new();
    };
    let all = namespaces::all(configuration, section);
    let boundary = configuration.text(&format!("{section}.namespace_boundary"));
    let texts: Vec<_> = all
        .iter()
        .filter_map(|namespace| namespace.name.as_deref())
        .flat_map(|name| [name.to_owned(), format!("{name}{boundary}1")])
        .collect();
    let mut targets: Vec<Target> = Vec::new();
    let samples = pattern.samples(&texts);
    for sample in &samples {
        if let Ok(namespace) = namespaces::of(configuration, section, sample) {
            let is_known = |target: &Target| {
                target
                    .namespace
                    .as_ref()
                    .is_some_and(|known| known.path == namespace.path)
            };
            if !targets.iter().any(is_known) {
                targets.push(Target {
                    name: sample.clone(),
                    namespace: Some(namespace),
                });
            }
        }
    }
    if targets.is_empty() {
        targets.extend(samples.into_iter().next().map(|name| Target {
            name,
            namespace: None,
        }));
    }
    targets
}

/// Whether the handler names its namespace, so that it answers for one only.
pub(super) fn names_namespace(configuration: &Configuration, handler: &Handler) -> bool {
    let Some(pattern) = handler.pattern.as_deref().map(Pattern::parse) else {
        return true;
    };
    let boundary = configuration.text(&format!("{}.namespace_boundary", section(handler.event)));
    pattern.literal_start().contains(boundary.as_str()) || !pattern.can_contain(boundary.as_str())
}

/// Whether a handler of the event answers for channels or methods of the namespace.
pub(super) fn reaches(configuration: &Configuration, handler: &Handler, namespace: &Namespace) -> bool {
    targets(configuration, handler)
        .into_iter()
        .any(|target| target.namespace.is_some_and(|found| found.path == namespace.path))
}

/// The section of the configuration that has the namespaces.
pub(super) fn section(event: Event) -> &'static str {
    match event {
        Event::Rpc => "rpc",
        _ => "channel",
    }
}
