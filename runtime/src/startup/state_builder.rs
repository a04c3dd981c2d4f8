//! Checks the `#[state]` functions and runs them in the order of their dependencies.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::serve_error::Problem;
use crate::error::{chain, panic_text};
use crate::handler::{AnyState, StateDef, StateNeed, States};
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
            match build_state(def, states.clone()).await {
                Ok(value) => {
                    metrics.end();
                    states.insert((def.id)(), value);
                }
                Err(text) => {
                    let text = format!("state `{}` {text}", def.name);
                    problems.push(Problem::new(Some((def.file, def.line)), text));
                }
            }
        }
        remaining = blocked;
    }
}

/// Runs a `#[state]` function, which may panic.
async fn build_state(def: &StateDef, states: Arc<States>) -> Result<AnyState, String> {
    let panicked = |panic: Box<dyn Any + Send>| format!("panicked: {}", panic_text(&*panic));
    let mut future = catch_unwind(AssertUnwindSafe(|| (def.build)(states))).map_err(panicked)?;
    let result = poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        },
    );
    let result = result.await.map_err(panicked)?;
    result.map_err(|error| format!("failed: {}", chain(&*error)))
}

/// How long the states of a program that cannot start may take.
const TIMEOUT: Duration = if cfg!(test) {
    Duration::from_secs(2)
} else {
    Duration::from_secs(5)
};

/// Runs the `#[state]` functions of a program that cannot start, and returns the problems of those that fail.
///
/// They run on a thread of their own for a limited time, because a function that blocks must not hide the problems that are
/// known already.
pub(super) async fn failing_states(states: Arc<States>, defs: Vec<&'static StateDef>) -> Vec<Problem> {
    let (sender, problems) = oneshot::channel();
    let runtime = Handle::current();
    let started = thread::Builder::new()
        .name("centrifugo-states".into())
        .spawn(move || {
            let mut problems = Vec::new();
            runtime.block_on(build_states(&states, defs, &mut problems));
            let _ = sender.send(problems);
        });
    match (started, timeout(TIMEOUT, problems).await) {
        (Ok(_), Ok(Ok(problems))) => problems,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use futures_core::future::BoxFuture;

    use super::*;
    use crate::error::BoxError;
    use crate::startup::ServeError;

    fn def(
        name: &'static str,
        build: fn(Arc<States>) -> BoxFuture<'static, Result<AnyState, BoxError>>,
    ) -> &'static StateDef {
        Box::leak(Box::new(StateDef {
            id: TypeId::of::<u8>,
            type_name: std::any::type_name::<u8>,
            name,
            module: "tests",
            file: "src/main.rs",
            line: 7,
            needs: &[],
            build,
        }))
    }

    #[tokio::test]
    async fn reports_states_that_panic() {
        let at_once = def("at_once", |_| panic!("no file"));
        let later = def("later", |_| Box::pin(async { panic!("no network") }));
        let problems = failing_states(Arc::default(), vec![at_once, later]).await;
        let text = ServeError::problems(problems).to_string();
        for part in [
            "state `at_once` panicked: no file",
            "state `later` panicked: no network",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[tokio::test]
    async fn waits_for_a_limited_time_for_states_that_block() {
        let blocks = def("blocks", |_| {
            thread::sleep(TIMEOUT * 4);
            panic!("too late")
        });
        let begun = Instant::now();
        assert!(failing_states(Arc::default(), vec![blocks]).await.is_empty());
        assert!(begun.elapsed() < TIMEOUT * 2);
    }
}
