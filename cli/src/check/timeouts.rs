//! How long Centrifugo waits for handlers.

use std::time::Duration;

use super::checker::Checker;
use super::finding::Finding;
use super::uses::proxies_with_handlers;

/// A number without a unit is nanoseconds, so that anything below is a mistake.
const SHORTEST: Duration = Duration::from_millis(1);
/// Above, a client has long given up.
const LONGEST: Duration = Duration::from_secs(60);

pub(super) fn check(checker: &mut Checker<'_>) {
    let default_limit = Duration::from_millis(checker.description.handler_timeout_ms);
    for (used, handlers) in proxies_with_handlers(checker) {
        let path = used.option("timeout");
        let timeout = used.proxy.timeout;
        let is_set = checker.configuration.is_set(&path);
        if timeout < SHORTEST {
            checker.add(
                Finding::error(
                    "timeout",
                    format!("Centrifugo waits for {timeout:?}, so that no handler can answer"),
                )
                .at(path)
                .help("write a unit, such as \"1s\": a number is nanoseconds"),
            );
            continue;
        }
        let limit = |handler: &crate::description::Handler| {
            handler.timeout_ms.map_or(default_limit, Duration::from_millis)
        };
        let Some(slowest) = handlers.iter().max_by_key(|handler| limit(handler)) else {
            continue;
        };
        let longest_limit = limit(slowest);
        let with_own_limit = handlers
            .iter()
            .filter(|handler| handler.timeout_ms.is_some())
            .max_by_key(|handler| handler.timeout_ms);
        let shorter = with_own_limit.filter(|handler| timeout < limit(handler));
        if let Some(handler) = shorter {
            checker.add(
                Finding::error(
                    "timeout",
                    format!(
                        "Centrifugo waits for {timeout:?}, and the handler may take {:?}: the client has been answered with error 100 long before",
                        limit(handler)
                    ),
                )
                .at(path)
                .of(handler)
                .help(format!("set `timeout` to at least {:?}, or lower the limit of the handler", limit(handler))),
            );
        } else if timeout > LONGEST && timeout > longest_limit {
            checker.add(
                Finding::error(
                    "timeout",
                    format!("Centrifugo waits for {timeout:?}, and no handler takes longer than {longest_limit:?}: its limit decides"),
                )
                .at(path)
                .of(slowest)
                .help(format!("set `timeout` a little above {longest_limit:?}")),
            );
        } else if is_set && timeout < longest_limit {
            checker.add(
                Finding::note(
                    "timeout",
                    format!("Centrifugo waits for {timeout:?}, and handlers may take {longest_limit:?}"),
                )
                .at(path)
                .of(slowest)
                .help("clients are answered with error 100 after the shorter time"),
            );
        }
    }
}
