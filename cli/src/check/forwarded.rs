//! What Centrifugo sends along with events: headers and the meta of connections.

use super::checker::Checker;
use super::finding::Finding;
use super::uses::proxies_with_handlers;
use crate::description::{Event, Handler, Need};

/// The options that forward headers.
const HEADERS: [&str; 3] = ["http_headers", "grpc_metadata", "emulated_headers"];

pub(super) fn check(checker: &mut Checker<'_>) {
    for (used, handlers) in proxies_with_handlers(checker) {
        meta(checker, &used, &handlers);
        headers(checker, &used, &handlers);
    }
}

fn meta(checker: &mut Checker<'_>, used: &super::uses::Use, handlers: &[&Handler]) {
    let path = used.option("include_connection_meta");
    // Connect handlers are where the meta comes from.
    if used.proxy.event == Event::Connect || checker.configuration.bool(&path) {
        return;
    }
    let reader = handlers
        .iter()
        .find(|handler| handler.meta.is_some() || handler.has_need(Need::ConnectionMeta));
    if let Some(handler) = reader {
        checker.add(
            Finding::error(
                "meta",
                "handler reads the meta of the connection, which Centrifugo does not send",
            )
            .at(path)
            .of(handler)
            .help(format!(
                "set `include_connection_meta: true` in `{}`",
                used.proxy.path
            )),
        );
    }
}

fn headers(checker: &mut Checker<'_>, used: &super::uses::Use, handlers: &[&Handler]) {
    let reads_headers = |handler: &&&Handler| {
        handler.takes.iter().any(|argument| {
            argument
                .split(|character: char| !character.is_alphanumeric())
                .any(|word| word == "Metadata")
        })
    };
    let Some(handler) = handlers.iter().find(reads_headers) else {
        return;
    };
    let forwarded: Vec<_> = HEADERS
        .iter()
        .map(|option| (*option, checker.configuration.texts(&used.option(option))))
        .filter(|(_, names)| !names.is_empty())
        .map(|(option, names)| format!("`{option}` {}", names.join(", ")))
        .collect();
    let message = if forwarded.is_empty() {
        "handler takes `Metadata`, and Centrifugo forwards no header of clients".to_owned()
    } else {
        format!(
            "handler takes `Metadata`; Centrifugo forwards {}",
            forwarded.join("; ")
        )
    };
    checker.add(
        Finding::note("headers", message)
            .at(used.proxy.path.clone())
            .of(handler)
            .help("list all headers that the handler reads in `http_headers`; those that clients' SDKs set are `emulated_headers`"),
    );
}
