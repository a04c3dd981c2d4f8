//! The handlers of the program, listed.

use crate::dispatch::Route;
use crate::event::Kind;

/// A handler as the program knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteInfo {
    /// The event that it answers.
    pub kind: Kind,
    /// The channels or the method that it answers for, where the kind has any.
    pub pattern: Option<&'static str>,
    /// The function's module.
    pub module: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// The file that it is in.
    pub file: &'static str,
    /// The line of its attribute.
    pub line: u32,
    /// Its doc comment.
    pub docs: &'static str,
    /// The types of its arguments.
    pub takes: &'static [&'static str],
    /// The type that it returns.
    pub returns: &'static str,
}

impl RouteInfo {
    /// Where the function is: its module and its name.
    pub fn path(&self) -> String {
        format!("{}::{}", self.module, self.name)
    }

    pub(crate) fn of(route: &Route) -> Self {
        Self {
            kind: route.kind,
            pattern: route.pattern,
            module: route.module,
            name: route.name,
            file: route.file,
            line: route.line,
            docs: route.docs,
            takes: route.takes,
            returns: route.returns,
        }
    }
}

/// The handlers of all linked crates, sorted by kind and pattern.
///
/// A program prints them on standard output, and ends, when `WORKER_DESCRIBE` is `1` (a table) or `json`.
///
/// ```standalone_crate
/// # use centrifugo::{Json, Kind};
/// /// Says hello.
/// #[centrifugo::rpc("greet/{name}")]
/// fn greet(name: String) -> Json<String> {
///     Json(format!("hello {name}"))
/// }
///
/// # fn main() {
/// let route = centrifugo::routes()[0];
/// assert_eq!((route.kind, route.pattern), (Kind::Rpc, Some("greet/{name}")));
/// assert_eq!((route.docs, route.takes, route.returns), ("Says hello.", &["String"][..], "Json<String>"));
/// # }
/// ```
pub fn routes() -> Vec<RouteInfo> {
    let mut routes: Vec<_> = inventory::iter::<Route>.into_iter().map(RouteInfo::of).collect();
    routes.sort_by_key(|route| (route.kind, route.pattern, route.file, route.line));
    routes
}
