//! Routes for unit tests.

use std::time::Duration;

use crate::event::{Kind, markers};
use crate::extract::Meta;
use crate::handler::{AnyHandler, FromEvent, Route, SyncHandler};
use crate::reply::RpcReply;
use crate::schema::NO_SCHEMAS;

/// Returns a route that is called `handler` and is at `src/main.rs:7`.
pub(super) fn route(kind: Kind, pattern: Option<&'static str>) -> &'static Route {
    let handler = &SyncHandler {
        sources: (),
        function: || (),
        reply: <() as RpcReply>::REPLY,
    };
    new(kind, pattern, None, handler)
}

/// Returns a route with a time limit, whose function takes the meta of the connection.
#[cfg_attr(
    not(feature = "_direct"),
    allow(dead_code, reason = "only tests of the endpoint use it")
)]
pub(super) fn route_with_meta(pattern: &'static str, timeout: Duration) -> &'static Route {
    let handler = &SyncHandler {
        sources: (<Option<Meta<u8>> as FromEvent<markers::Rpc>>::SOURCE,),
        function: |_: Option<Meta<u8>>| (),
        reply: <() as RpcReply>::REPLY,
    };
    new(Kind::Rpc, Some(pattern), Some(timeout), handler)
}

fn new(
    kind: Kind,
    pattern: Option<&'static str>,
    timeout: Option<Duration>,
    handler: &'static dyn AnyHandler,
) -> &'static Route {
    Box::leak(Box::new(Route {
        kind,
        pattern,
        channel_type: None,
        name: "handler",
        module: "m",
        file: "src/main.rs",
        line: 7,
        docs: "",
        takes: &[],
        returns: "()",
        schemas: NO_SCHEMAS,
        timeout,
        handler,
    }))
}
