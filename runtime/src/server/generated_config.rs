//! Centrifugo's configuration for generated handlers, for tests with the real Centrifugo.

use serde_json::Value;

use super::centrifugo_config;
use super::handler_warnings::{self, Access};
use super::served_program::ServedProgram;
use crate::event::Kind;
use crate::handler::{Route, SyncHandler};
use crate::reply::RpcReply;

/// Returns the configuration that a program with these handlers would print, and the warnings that it would log: the number of
/// the handler, and the text.
///
/// The routes are leaked.
pub fn generated_config(handlers: impl IntoIterator<Item = (Kind, String)>) -> (Value, Vec<(usize, String)>) {
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
            timeout: None,
            handler: &SyncHandler {
                sources: (),
                function: || (),
                reply: <() as RpcReply>::REPLY,
            },
        }))
    };
    let routes: Vec<_> = (0..).zip(handlers).map(route).collect();
    let config = centrifugo_config::config(&ServedProgram::plain("127.0.0.1:10001", &routes));
    let warnings = handler_warnings::warnings(&routes, Access::Grpc)
        .into_iter()
        .map(|(route, reason)| (route.line as usize, reason))
        .collect();
    (config, warnings)
}
