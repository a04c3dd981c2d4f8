//! Checks the `#[state]` functions and runs them in the order of their dependencies.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::serve_error::Problem;
use crate::error::chain;
use crate::handler::{StateDef, StateNeed, States};
use crate::metrics::StateBuild;

/// Returns the linked `#[state]` functions that `includes` selects, and reports those that are wrong.
pub(super) fn state_functions(
    includes: impl Fn(&StateDef) -> bool,
    problems: &mut Vec<Problem>,
) -> Vec<&'static StateDef> {
    let mut defs: Vec<&'static StateDef> = inventory::iter::<StateDef>
        .into_iter()
        .filter(|def| includes(def))
        .collect();
    defs.sort_by_key(|def| (def.file, def.line));
    let mut seen: HashMap<TypeId, &StateDef> = HashMap::new();
    for def in &defs {
        let type_name = (def.type_name)();
        if type_name.starts_with("core::result::Result<") {
            let text = format!(
                "state `{}` is a `{type_name}`, and its error would not stop the program; write the return type as `Result<..>`",
                def.name
            );
            problems.push(Problem::new(Some((def.file, def.line)), text));
        }
        if let Some(first) = seen.insert((def.id)(), def) {
            let text = format!(
                "two `#[state]` functions return `{}`: `{}` here and `{}` at {}:{}; wrap one of them in a new type",
                (def.type_name)(),
                def.name,
                first.name,
                first.file,
                first.line
            );
            problems.push(Problem::new(Some((def.file, def.line)), text));
        }
    }
    defs
}

/// Reports the states that depend on each other in a cycle. States that nothing provides are not part of a cycle.
pub(super) fn find_cycle(defs: &[&'static StateDef]) -> Option<Problem> {
    let mut remaining = defs.to_vec();
    loop {
        let (mut provided, mut needed) = (HashSet::new(), HashSet::new());
        for def in &remaining {
            provided.insert((def.id)());
            StateNeed::each(def.needs, &mut |id, _| {
                needed.insert(id);
            });
        }
        let count = remaining.len();
        // A state in a cycle needs another state and is needed by one.
        remaining.retain(|def| {
            let mut has_dependency = false;
            StateNeed::each(def.needs, &mut |id, _| has_dependency |= provided.contains(&id));
            has_dependency && needed.contains(&(def.id)())
        });
        if remaining.len() == count {
            break;
        }
    }
    let names: Vec<_> = remaining
        .iter()
        .map(|def| format!("`{}` ({}:{})", def.name, def.file, def.line))
        .collect();
    let text = || format!("these states depend on each other: {}", names.join(", "));
    (!remaining.is_empty()).then(|| Problem::new(None, text()))
}

/// Runs the `#[state]` functions, each one after the functions that provide its arguments.
pub(super) async fn build_states(
    states: &Arc<States>,
    mut remaining: Vec<&'static StateDef>,
    problems: &mut Vec<Problem>,
) {
    loop {
        let (ready, blocked): (Vec<_>, Vec<_>) = remaining.into_iter().partition(|def| {
            let mut is_ready = true;
            StateNeed::each(def.needs, &mut |id, _| is_ready &= states.contains(id));
            is_ready
        });
        // The remaining functions need a state that failed or that nothing provides.
        if ready.is_empty() {
            return;
        }
        for def in ready {
            let metrics = StateBuild::begin(def.name);
            match (def.build)(states.clone()).await {
                Ok(value) => {
                    metrics.end();
                    states.insert((def.id)(), value);
                }
                Err(error) => problems.push(Problem::new(
                    Some((def.file, def.line)),
                    format!("state `{}` failed: {}", def.name, chain(&*error)),
                )),
            }
        }
        remaining = blocked;
    }
}
