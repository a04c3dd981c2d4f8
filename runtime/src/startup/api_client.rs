//! Provides the client of the server API to functions that take an `Api`.

use std::any::{TypeId, type_name};
use std::sync::Arc;

use super::serve_error::Problem;
use crate::api::Client;
use crate::handler::{AnyState, InvalidDef, Route, ShutdownDef, StateDef, StateNeed};

/// Creates the client from the environment, if a function takes an `Api` and neither code nor a `#[state]` function provides
/// the client. Returns the client's type if that fails, so that it is reported once and not for each function.
pub(super) fn provide_api_client(
    provided_states: &mut Vec<(TypeId, &'static str, AnyState)>,
    routes: &[&'static Route],
    invalid: &[&'static InvalidDef],
    defs: &[&'static StateDef],
    shutdown: &[&'static ShutdownDef],
    problems: &mut Vec<Problem>,
) -> Option<TypeId> {
    let id = TypeId::of::<Client>();
    let is_provided =
        provided_states.iter().any(|(other, ..)| *other == id) || defs.iter().any(|def| (def.id)() == id);
    let needs_client = |needs: &[StateNeed]| {
        let mut needs_client = false;
        StateNeed::each(needs, &mut |need, _| needs_client |= need == id);
        needs_client
    };
    let first_function = routes
        .iter()
        .map(|route| (route.name, route.handler.info().needs(), (route.file, route.line)))
        .chain(
            invalid
                .iter()
                .map(|def| (def.name, def.needs.to_vec(), (def.file, def.line))),
        )
        .chain(
            defs.iter()
                .map(|def| (def.name, def.needs.to_vec(), (def.file, def.line))),
        )
        .chain(
            shutdown
                .iter()
                .map(|def| (def.name, def.needs.to_vec(), (def.file, def.line))),
        )
        .find(|(_, needs, _)| needs_client(needs));
    let (name, _, place) = first_function.filter(|_| !is_provided)?;
    match Client::from_env() {
        Ok(client) => {
            provided_states.push((id, type_name::<Client>(), Arc::new(client)));
            None
        }
        Err(error) => {
            let text = format!(
                "`{name}` takes `Api`, but there is no client of Centrifugo's server API: {error}; set WORKER_API to a URL such as \
                 `grpc://127.0.0.1:10000`, or add an `rpc` section to .rr.yaml (RoadRunner then sets RR_RPC), or call \
                 `Server::api`; in a test, call `TestClient::builder().api(..)`"
            );
            problems.push(Problem::new(Some(place), text));
            Some(id)
        }
    }
}
