//! The client of the server API, for the functions that take an `Api`.

use std::any::{TypeId, type_name};
use std::sync::Arc;

use super::serve_error::Problem;
use crate::api::Client;
use crate::handler::{AnyState, InvalidDef, Route, ShutdownDef, StateDef, StateNeed};

/// Makes the client from the environment, when some function takes it and nothing else gives it.
pub(super) fn provide(
    given: &mut Vec<(TypeId, &'static str, AnyState)>,
    routes: &[&'static Route],
    invalid: &[&'static InvalidDef],
    defs: &[&'static StateDef],
    problems: &mut Vec<Problem>,
) {
    let id = TypeId::of::<Client>();
    let is_given = given.iter().any(|(other, ..)| *other == id) || defs.iter().any(|def| (def.id)() == id);
    let shutdown = inventory::iter::<ShutdownDef>.into_iter();
    let takes = |needs: &[StateNeed]| {
        let mut takes = false;
        StateNeed::each(needs, &mut |need, _| takes |= need == id);
        takes
    };
    let taker = routes
        .iter()
        .map(|route| (route.name, route.handler.needs(), (route.file, route.line)))
        .chain(
            invalid
                .iter()
                .map(|def| (def.name, def.needs.to_vec(), (def.file, def.line))),
        )
        .chain(
            defs.iter()
                .map(|def| (def.name, def.needs.to_vec(), (def.file, def.line))),
        )
        .chain(shutdown.map(|def| (def.name, def.needs.to_vec(), (def.file, def.line))))
        .find(|(_, needs, _)| takes(needs));
    let Some((name, _, place)) = taker.filter(|_| !is_given) else {
        return;
    };
    match Client::from_env() {
        Ok(client) => given.push((id, type_name::<Client>(), Arc::new(client))),
        Err(error) => {
            let text = format!(
                "`{name}` takes `Api`, but how to reach Centrifugo is not known: {error}; set one of WORKER_API and RR_RPC \
                 (RoadRunner sets it where .rr.yaml has an `rpc` section), or call `Server::api`; in a test, \
                 `TestClient::builder().api(..)`"
            );
            problems.push(Problem::new(Some(place), text));
            // Said once: the program does not start, so nobody meets what stands in for it.
            given.push((id, type_name::<Client>(), Arc::new(())));
        }
    }
}
