//! Centrifugo's configuration for generated handlers, for tests with the real Centrifugo.

use std::time::Duration;

use serde_json::Value;

use super::centrifugo_config;
use super::handler_warnings::{self, Access};
use super::served_program::ServedProgram;
use crate::event::Kind;
use crate::handler::{AnyHandler, Call, Outcome, PendingOutcome, Route, StateNeed};
use crate::schema::RouteTypes;

/// A handler that is never called.
struct Generated {
    takes_meta: bool,
}

impl AnyHandler for Generated {
    fn needs(&self) -> Vec<StateNeed> {
        if self.takes_meta {
            vec![StateNeed::CONNECTION_META]
        } else {
            Vec::new()
        }
    }

    fn call(&'static self, _: Box<Call>) -> PendingOutcome {
        PendingOutcome::Now(Outcome::Unreadable("the handler is generated".into()))
    }
}

/// Returns the configuration that a program with these handlers would print, and the warnings that it would log: the number of
/// the handler, and the text.
///
/// Some of the handlers have a time limit, and some take the meta of the connection. The program calls the server API over gRPC.
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
            types: RouteTypes::NONE,
            timeout: (line % 2 == 0).then(|| Duration::from_millis(u64::from(line) * 1_250 + 1)),
            handler: if line % 3 == 0 {
                &Generated { takes_meta: true }
            } else {
                &Generated { takes_meta: false }
            },
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
