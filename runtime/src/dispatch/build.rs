//! Collects what attributes registered, checks it, and builds the states.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::Dispatcher;
use super::pattern::Pattern;
use super::route::{InvalidDef, Route};
use super::table::Table;
use crate::event::Kind;
use crate::serve_error::{Problem, ServeError};
use crate::state::{AnyState, ShutdownDef, StateDef, StateNeed, States};

/// The default time limit of a handler.
pub(crate) const DEFAULT_LIMIT: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) given: Vec<(TypeId, &'static str, AnyState)>,
    pub(crate) limit: Option<Duration>,
    /// Only handlers and states of this module and those below it.
    pub(crate) only: Option<String>,
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

    pub(crate) async fn build(
        #[cfg_attr(not(feature = "api"), allow(unused_mut))] mut self,
    ) -> Result<Dispatcher, ServeError> {
        let mut problems = Vec::new();
        let mut routes: Vec<&'static Route> = inventory::iter::<Route>
            .into_iter()
            .filter(|route| self.takes(route.module))
            .collect();
        routes.sort_by_key(|route| (route.kind, route.pattern, route.file, route.line));
        if routes.is_empty() {
            problems.push(Problem::new(
                None,
                "there is no handler; a crate of handlers that nothing names is not linked: write `use my_handlers as _;`",
            ));
        }
        let tables = tables(&routes, &mut problems);
        let invalid: Vec<_> = inventory::iter::<InvalidDef>
            .into_iter()
            .filter(|def| self.takes(def.module))
            .collect();
        if let [first, second, ..] = invalid.as_slice() {
            let text = format!(
                "two `#[invalid]` functions, `{}` and `{}` ({}:{}): keep one",
                first.name, second.name, second.file, second.line
            );
            problems.push(Problem::new(Some((first.file, first.line)), text));
        }
        let defs = self.state_defs(&mut problems);
        #[cfg(feature = "api")]
        super::api::provide(&mut self.given, &routes, &invalid, &defs, &mut problems);
        let known = |need: &StateNeed| {
            self.given.iter().any(|(id, ..)| *id == need.id) || defs.iter().any(|def| (def.id)() == need.id)
        };
        let mut check = |name: &str, needs: &[&[StateNeed]], place| {
            for need in needs
                .iter()
                .flat_map(|needs| needs.iter())
                .filter(|need| !known(need))
            {
                let type_name = (need.type_name)();
                let text = format!(
                    "`{name}` takes `State<{type_name}>`, but nothing provides it: write a `#[state]` function that returns it, or call `Server::state`"
                );
                problems.push(Problem::new(Some(place), text));
            }
        };
        for route in &routes {
            check(route.name, route.states, (route.file, route.line));
        }
        for def in &invalid {
            check(def.name, def.needs, (def.file, def.line));
        }
        for def in &defs {
            check(def.name, def.needs, (def.file, def.line));
        }
        for def in inventory::iter::<ShutdownDef> {
            check(def.name, def.needs, (def.file, def.line));
        }
        let states = States::default();
        if problems.is_empty() {
            for (id, _, value) in self.given {
                states.insert(id, value);
            }
            let states = Arc::new(states);
            build_states(&states, defs, &mut problems).await;
            if problems.is_empty() {
                return Ok(Dispatcher {
                    routes,
                    tables,
                    states,
                    invalid: invalid.first().copied(),
                    limit: self.limit.unwrap_or(DEFAULT_LIMIT),
                    warned: AtomicBool::new(false),
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
            if let Some(first) = seen.insert((def.id)(), def) {
                let text = format!(
                    "two `#[state]` functions return `{}`: `{}` here and `{}` at {}:{}; wrap one in a type of its own",
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

fn tables(routes: &[&'static Route], problems: &mut Vec<Problem>) -> [Table; Kind::ALL.len()] {
    Kind::ALL.map(|kind| {
        let mut seen: HashMap<Option<&str>, &Route> = HashMap::new();
        let mut handlers = Vec::new();
        for (index, route) in routes.iter().enumerate().filter(|(_, route)| route.kind == kind) {
            let place = Some((route.file, route.line));
            if let Some(first) = seen.insert(route.pattern, route) {
                let what = route.pattern.map_or_else(
                    || format!("`#[{kind}]`"),
                    |pattern| format!("`#[{kind}]` with the pattern `{pattern}`"),
                );
                let text = format!(
                    "two handlers have {what}: `{}` here and `{}` at {}:{}",
                    route.name, first.name, first.file, first.line
                );
                problems.push(Problem::new(place, text));
            }
            match route.pattern.map(Pattern::parse).transpose() {
                Ok(pattern) => handlers.push((pattern, index)),
                Err(text) => problems.push(Problem::new(place, text)),
            }
        }
        Table::new(handlers)
    })
}

/// Runs the `#[state]` functions, each after those that it takes.
async fn build_states(
    states: &Arc<States>,
    mut waiting: Vec<&'static StateDef>,
    problems: &mut Vec<Problem>,
) {
    loop {
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|def| {
            def.needs
                .iter()
                .flat_map(|needs| needs.iter())
                .all(|need| states.contains(need.id))
        });
        if ready.is_empty() {
            if !rest.is_empty() && problems.is_empty() {
                let names: Vec<_> = rest
                    .iter()
                    .map(|def| format!("`{}` ({}:{})", def.name, def.file, def.line))
                    .collect();
                problems.push(Problem::new(
                    None,
                    format!("these states wait for each other: {}", names.join(", ")),
                ));
            }
            return;
        }
        for def in ready {
            match (def.build)(states.clone()).await {
                Ok(value) => states.insert((def.id)(), value),
                Err(error) => problems.push(Problem::new(
                    Some((def.file, def.line)),
                    format!(
                        "state `{}` failed: {}",
                        def.name,
                        crate::error::Error::internal(error).chain()
                    ),
                )),
            }
        }
        waiting = rest;
    }
}
