//! Centrifugo's configuration for generated handlers, for tests with the real Centrifugo.

use std::time::Duration;

use serde_json::Value;

use super::centrifugo_config;
use super::handler_warnings::{self, Access};
use super::served_program::ServedProgram;
use crate::event::{Kind, markers};
use crate::extract::Meta;
use crate::handler::{AnyHandler, FromEvent, Route, SyncHandler};
use crate::reply::RpcReply;
use crate::schema::NO_SCHEMAS;

/// Returns the configuration that a program with these handlers would print, and the warnings that it would log: the number of
/// the handler, and the text.
///
/// Some of the handlers have a time limit, and some take the meta of the connection. The program calls the server API over gRPC.
/// The routes are leaked.
pub fn generated_config(handlers: impl IntoIterator<Item = (Kind, String)>) -> (Value, Vec<(usize, String)>) {
    let takes_nothing: &'static dyn AnyHandler = &SyncHandler {
        sources: (),
        function: || (),
        reply: <() as RpcReply>::REPLY,
    };
    let takes_meta: &'static dyn AnyHandler = &SyncHandler {
        sources: (<Option<Meta<u8>> as FromEvent<markers::Rpc>>::SOURCE,),
        function: |_: Option<Meta<u8>>| (),
        reply: <() as RpcReply>::REPLY,
    };
    let route = |(line, (kind, pattern)): (u32, (Kind, String))| -> &'static Route {
        Box::leak(Box::new(Route {
            kind,
            pattern: Some(pattern.leak()),
            channel_type: None,
            name: "generated",
            module: "generated",
            file: "generated.rs",
            line,
            docs: "",
            takes: &[],
            returns: "()",
            schemas: NO_SCHEMAS,
            timeout: (line % 2 == 0).then(|| Duration::from_millis(u64::from(line) * 1_250 + 1)),
            handler: if line % 3 == 0 { takes_meta } else { takes_nothing },
        }))
    };
    let routes: Vec<_> = (0..).zip(handlers).map(route).collect();
    let config = centrifugo_config::config(&ServedProgram {
        api_url: Some("grpc://127.0.0.1:10000"),
        ..ServedProgram::plain("127.0.0.1:10001", &routes)
    });
    let warnings = handler_warnings::warnings(&routes, Access::Grpc)
        .into_iter()
        .map(|(route, reason)| (route.line as usize, reason))
        .collect();
    (config, warnings)
}
