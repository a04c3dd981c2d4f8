//! Streams of both directions, and streams over HTTP.

use super::checker::Checker;
use super::finding::Finding;
use super::reach;
use crate::centrifugo::namespaces;
use crate::description::{Event, Need};

pub(super) fn check(checker: &mut Checker<'_>) {
    let streams = |handler: &&crate::description::Handler| handler.event == Event::SubscribeStream;
    for handler in checker.description.handlers.iter().filter(streams) {
        if checker
            .description
            .endpoint
            .as_ref()
            .is_none_or(|endpoint| endpoint.grpc.is_none())
        {
            checker.add(
                Finding::error(
                    "stream",
                    "Centrifugo opens streams over gRPC only, and the program does not serve it",
                )
                .of(handler)
                .help("build the program with the feature `grpc`, and give it a gRPC address"),
            );
        }
        for namespace in namespaces::all(checker.configuration, "channel") {
            let is_on = checker
                .configuration
                .bool(&namespace.option("subscribe_stream_proxy_enabled"));
            if !is_on || !reach::reaches(checker.configuration, handler, &namespace) {
                continue;
            }
            let path = namespace.option("subscribe_stream_proxy_bidirectional");
            if handler.has_need(Need::ClientStream) && !checker.configuration.bool(&path) {
                checker.add(
                    Finding::error(
                        "stream",
                        "handler takes publications of the client, which Centrifugo does not send",
                    )
                    .at(path)
                    .of(handler)
                    .help(format!(
                        "set `subscribe_stream_proxy_bidirectional: true` in `{}`",
                        namespace.path
                    )),
                );
            }
        }
    }
}
