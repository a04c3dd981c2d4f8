//! Lists the handlers of the program.

use crate::event::RouteInfo;
use crate::handler::Route;

/// Returns the handlers of all linked crates, sorted by kind and pattern.
///
/// With `WORKER_DESCRIBE=1` or `WORKER_DESCRIBE=json`, the program prints them to standard output, as a table or as a part of a JSON
/// document, and exits.
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
    linked_routes().into_iter().map(Route::info).collect()
}

/// Returns what [`routes`] describes.
pub(crate) fn linked_routes() -> Vec<&'static Route> {
    let mut routes: Vec<_> = inventory::iter::<Route>.into_iter().collect();
    routes.sort_by_key(|route| (route.kind, route.pattern, route.file, route.line));
    routes
}
