//! A dispatcher with generated routes, for benchmarks and tests of many handlers.

use super::builder::Builder;
use super::serve_error::ServeError;
use crate::dispatch::Dispatcher;
use crate::event::Kind;
use crate::handler::Route;

/// Builds a dispatcher that has only generated routes, one for each pair of a handler's name and a pattern.
///
/// A generated route is a copy of the linked handler's route. It has the pattern, and the number of the pair as its line. The
/// routes are leaked. Pairs without a linked handler of that name are ignored.
///
/// A benchmark of this dispatcher does not include the cost of many different functions, since the routes share a few.
///
/// # Errors
///
/// Returns the errors with which [`serve`](crate::serve) would not start.
pub async fn dispatcher(
    patterns: impl IntoIterator<Item = (&str, String)>,
) -> Result<Dispatcher, ServeError> {
    let mut routes = Vec::new();
    for (line, (name, pattern)) in (1..).zip(patterns) {
        let linked = inventory::iter::<Route>
            .into_iter()
            .find(|route| route.name == name);
        routes.extend(linked.map(|route| Route {
            pattern: Some(pattern.leak()),
            channel_type: None,
            line,
            ..*route
        }));
    }
    // In one allocation, as the linker places the routes of attributes.
    let routes: &'static [Route] = routes.leak();
    let builder = Builder {
        routes: Some(routes.iter().collect()),
        ..Builder::default()
    };
    builder.build().await
}

/// Looks up the handler of a channel or method. Returns its index in [`Dispatcher::routes`].
pub fn find(dispatcher: &Dispatcher, kind: Kind, target: &str) -> Option<usize> {
    let (entry, _) = dispatcher.handlers.routers[kind as usize].find(target)?;
    Some(entry.index())
}
