//! Collects what attributes registered, checks it, and builds the states.

use std::any::{Any, TypeId, type_name};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::pattern_conflicts::routers;
use super::serve_error::{Problem, ServeError};
use crate::dispatch::{BoxLayer, Dispatcher, Handlers};
use crate::error::chain;
use crate::handler::{AnyState, InvalidDef, Next, Route, ShutdownDef, StateDef, StateNeed, States};

/// The default time limit of a handler.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) given: Vec<(TypeId, &'static str, AnyState)>,
    /// What a test puts in place of scoped values.
    pub(crate) scoped: HashMap<TypeId, AnyState>,
    pub(crate) layers: Vec<BoxLayer>,
    pub(crate) limit: Option<Duration>,
    /// Only handlers and states of this module and those below it.
    pub(crate) only: Option<String>,
    /// These handlers, and not those that are linked.
    pub(crate) routes: Option<Vec<&'static Route>>,
}

impl Builder {
    pub(crate) fn state<T: Any + Send + Sync>(&mut self, value: T) {
        self.given
            .push((TypeId::of::<T>(), type_name::<T>(), Arc::new(value)));
    }

    fn takes(&self, module: &str) -> bool {
        self.only.as_deref().is_none_or(|only| {
            module
                .strip_prefix(only)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    }

    pub(crate) async fn build(mut self) -> Result<Dispatcher, ServeError> {
        let mut problems = Vec::new();
        let linked = || inventory::iter::<Route>.into_iter();
        let mut routes = self.routes.take().unwrap_or_else(|| linked().collect());
        routes.retain(|route| self.takes(route.module));
        routes.sort_by_key(|route| (route.kind, route.pattern, route.file, route.line));
        if routes.is_empty() {
            let text = match &self.only {
                Some(module) => format!("there is no handler in the module `{module}`"),
                None => "there is no handler; a crate of handlers that nothing names is not linked: write `use my_handlers as _;`".into(),
            };
            problems.push(Problem::new(None, text));
        }
        let routers = routers(&routes, &mut problems);
        let mut invalid: Vec<_> = inventory::iter::<InvalidDef>
            .into_iter()
            .filter(|def| self.takes(def.module))
            .collect();
        invalid.sort_by_key(|def| (def.file, def.line));
        if let Some((first, others)) = invalid.split_first() {
            for def in others {
                let text = format!(
                    "two `#[invalid]` functions, `{}` here and `{}` at {}:{}: keep one",
                    def.name, first.name, first.file, first.line
                );
                problems.push(Problem::new(Some((def.file, def.line)), text));
            }
        }
        let defs = self.state_defs(&mut problems);
        #[cfg(feature = "api")]
        super::api_client::provide(&mut self.given, &routes, &invalid, &defs, &mut problems);
        let known = |id: TypeId| {
            self.given.iter().any(|(given, ..)| *given == id) || defs.iter().any(|def| (def.id)() == id)
        };
        let mut check = |name: &str, needs: &[StateNeed], place| {
            let mut missing = Vec::new();
            StateNeed::each(needs, &mut |id, type_name| {
                if !known(id) && !missing.contains(&type_name) {
                    missing.push(type_name);
                }
            });
            for type_name in missing {
                let text = format!(
                    "`{name}` takes `State<{type_name}>`, but nothing provides it: write a `#[state]` function that returns it, or call `Server::state`"
                );
                problems.push(Problem::new(Some(place), text));
            }
        };
        for route in &routes {
            check(route.name, &route.handler.needs(), (route.file, route.line));
        }
        for def in &invalid {
            check(def.name, def.needs, (def.file, def.line));
        }
        for def in &defs {
            check(def.name, def.needs, (def.file, def.line));
        }
        for def in inventory::iter::<ShutdownDef>
            .into_iter()
            .filter(|def| self.takes(def.module))
        {
            check(def.name, def.needs, (def.file, def.line));
        }
        problems.extend(cycle(&defs));
        let states = States::new(self.scoped);
        if problems.is_empty() {
            for (id, _, value) in self.given {
                states.insert(id, value);
            }
            let states = Arc::new(states);
            build_states(&states, defs, &mut problems).await;
            if problems.is_empty() {
                let handlers = Arc::new(Handlers {
                    routes,
                    routers,
                    states,
                    invalid: invalid.first().copied(),
                    has_warned: AtomicBool::new(false),
                });
                // The first that was added is the outermost.
                let layers = self
                    .layers
                    .into_iter()
                    .rev()
                    .fold(None, |next: Option<Next>, box_layer| {
                        Some(box_layer(next.unwrap_or_else(|| Handlers::innermost(&handlers))))
                    });
                return Ok(Dispatcher {
                    handlers,
                    layers,
                    default_timeout: self.limit.unwrap_or(DEFAULT_TIMEOUT),
                });
            }
        }
        Err(ServeError::problems(problems))
    }

    /// The `#[state]` functions that have to run: none whose type was given.
    fn state_defs(&self, problems: &mut Vec<Problem>) -> Vec<&'static StateDef> {
        let mut defs: Vec<&'static StateDef> = inventory::iter::<StateDef>
            .into_iter()
            .filter(|def| self.takes(def.module) && !self.given.iter().any(|(id, ..)| *id == (def.id)()))
            .collect();
        defs.sort_by_key(|def| (def.file, def.line));
        let mut seen: HashMap<TypeId, &StateDef> = HashMap::new();
        for def in &defs {
            let type_name = (def.type_name)();
            if type_name.starts_with("core::result::Result<") {
                let text = format!(
                    "state `{}` is a `{type_name}`, so that its failure would be no failure: write the return type as `Result<..>`",
                    def.name
                );
                problems.push(Problem::new(Some((def.file, def.line)), text));
            }
            if let Some(first) = seen.insert((def.id)(), def) {
                let text = format!(
                    "two `#[state]` functions return `{}`: `{}` here and `{}` at {}:{}; box_layer one in a type of its own",
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
}

/// The states that can't be built, since each waits for another of them. What nothing makes is another problem.
fn cycle(defs: &[&'static StateDef]) -> Option<Problem> {
    let mut waiting = defs.to_vec();
    loop {
        let (mut made, mut needed) = (HashSet::new(), HashSet::new());
        for def in &waiting {
            made.insert((def.id)());
            StateNeed::each(def.needs, &mut |id, _| {
                needed.insert(id);
            });
        }
        let count = waiting.len();
        waiting.retain(|def| {
            let mut waits = false;
            StateNeed::each(def.needs, &mut |id, _| waits |= made.contains(&id));
            waits && needed.contains(&(def.id)())
        });
        if waiting.len() == count {
            break;
        }
    }
    let names: Vec<_> = waiting
        .iter()
        .map(|def| format!("`{}` ({}:{})", def.name, def.file, def.line))
        .collect();
    let text = || format!("these states wait for each other: {}", names.join(", "));
    (!waiting.is_empty()).then(|| Problem::new(None, text()))
}

/// Runs the `#[state]` functions, each after those that it takes.
async fn build_states(
    states: &Arc<States>,
    mut waiting: Vec<&'static StateDef>,
    problems: &mut Vec<Problem>,
) {
    loop {
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|def| {
            let mut all = true;
            StateNeed::each(def.needs, &mut |id, _| all &= states.contains(id));
            all
        });
        // Those that are left wait for one that failed.
        if ready.is_empty() {
            return;
        }
        for def in ready {
            match (def.build)(states.clone()).await {
                Ok(value) => states.insert((def.id)(), value),
                Err(error) => problems.push(Problem::new(
                    Some((def.file, def.line)),
                    format!("state `{}` failed: {}", def.name, chain(&*error)),
                )),
            }
        }
        waiting = rest;
    }
}
