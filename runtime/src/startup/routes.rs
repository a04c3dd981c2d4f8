//! Lists the handlers of the program.

use crate::event::RouteInfo;
use crate::handler::Route;

/// Returns the handlers of all linked crates, sorted by kind and pattern.
///
/// If `WORKER_DESCRIBE` is `1` or `json`, the program prints them to standard output, as a table or as JSON, and exits.
///
/// ```standalone_crate
/// # use centrifugo::event::Kind;
/// # use centrifugo::Json;
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
    let mut routes: Vec<_> = inventory::iter::<Route>.into_iter().map(Route::info).collect();
    routes.sort_by_key(|route| (route.kind, route.pattern, route.file, route.line));
    routes
}
