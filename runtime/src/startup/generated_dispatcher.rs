//! A dispatcher over more handlers than anybody wants to compile: for benchmarks and tests.

use super::builder::Builder;
use super::serve_error::ServeError;
use crate::dispatch::Dispatcher;
use crate::event::Kind;
use crate::handler::Route;

/// Builds a dispatcher over generated routes alone: for each name and pattern, the route of the linked handler of that
/// name, with the pattern in place of its own, and with the pattern's number as its line. The routes are leaked.
///
/// What it does not show is the cost of the code of ten thousand different functions: they all share a few.
///
/// # Errors
///
/// What [`serve`](crate::serve) would refuse to start with. A name that no handler has adds no route.
pub async fn dispatcher(
    patterns: impl IntoIterator<Item = (&str, String)>,
) -> Result<Dispatcher, ServeError> {
    let mut routes = Vec::new();
    for (line, (name, pattern)) in (1..).zip(patterns) {
        let known = inventory::iter::<Route>
            .into_iter()
            .find(|route| route.name == name);
        routes.extend(known.map(|route| Route {
            pattern: Some(pattern.leak()),
            line,
            ..*route
        }));
    }
    // Side by side, as the linker puts those of attributes.
    let routes: &'static [Route] = routes.leak();
    let builder = Builder {
        routes: Some(routes.iter().collect()),
        ..Builder::default()
    };
    builder.build().await
}

/// The look-up alone: the place in [`Dispatcher::routes`] of the handler for a target.
pub fn find(dispatcher: &Dispatcher, kind: Kind, target: &str) -> Option<usize> {
    let (entry, _) = dispatcher.handlers.routers[kind as usize].find(target)?;
    Some(entry.index())
}
