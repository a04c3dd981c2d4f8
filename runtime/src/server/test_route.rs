//! A route for unit tests.

use crate::event::Kind;
use crate::handler::Route;

/// Returns a route that is called `handler` and is at `src/main.rs:7`.
pub(super) fn route(kind: Kind, pattern: Option<&'static str>) -> &'static Route {
    Box::leak(Box::new(Route {
        kind,
        pattern,
        name: "handler",
        module: "m",
        file: "src/main.rs",
        line: 7,
        docs: "",
        takes: &[],
        returns: "()",
        timeout: None,
        handler: &crate::handler::SyncHandler {
            sources: (),
            function: || (),
            reply: <() as crate::reply::RpcReply>::REPLY,
        },
    }))
}
