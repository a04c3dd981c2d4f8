//! Collects the functions that attributes registered, checks them, and builds the dispatcher.

use std::any::{Any, TypeId, type_name};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::channel_type_conflicts;
use super::channel_types::linked_channel_types;
use super::pattern_conflicts::routers;
use super::serve_error::{Problem, ServeError};
use super::state_builder::{build_states, failing_states, find_cycle, state_functions};
use crate::dispatch::{BoxLayer, Dispatcher, Handlers};
use crate::event::Kind;
use crate::handler::{AnyState, InvalidDef, Next, Route, ShutdownDef, StateNeed, States};
use crate::metrics::{EventMetrics, describe_program};

/// The default time limit of a handler.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(crate) struct Builder {
    /// States that were passed as values. They replace the `#[state]` functions of their types.
    pub(crate) provided_states: Vec<(TypeId, &'static str, AnyState)>,
    /// Values that replace the `#[scoped]` functions of their types, in tests.
    pub(crate) scoped_values: HashMap<TypeId, AnyState>,
    pub(crate) layers: Vec<BoxLayer>,
    /// [`DEFAULT_TIMEOUT`] if it is not set.
    pub(crate) handler_timeout: Option<Duration>,
    /// Includes only handlers and states of this module and its submodules.
    pub(crate) module: Option<String>,
    /// Replaces the linked handlers.
    pub(crate) routes: Option<Vec<&'static Route>>,
}

impl Builder {
    pub(crate) fn state<T: Any + Send + Sync>(&mut self, value: T) {
        self.provided_states
            .push((TypeId::of::<T>(), type_name::<T>(), Arc::new(value)));
    }

    fn includes(&self, module: &str) -> bool {
        self.module.as_deref().is_none_or(|included| {
            module
                .strip_prefix(included)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    }

    /// Checks everything, builds the states, and returns the dispatcher.
    ///
    /// # Errors
    ///
    /// Returns all problems at once.
    pub(crate) async fn build(mut self) -> Result<Dispatcher, ServeError> {
        let mut problems = Vec::new();
        let linked = || inventory::iter::<Route>.into_iter();
        let mut routes = self.routes.take().unwrap_or_else(|| linked().collect());
        routes.retain(|route| self.includes(route.module));
        routes.sort_by_key(|route| (route.kind, route.pattern, route.file, route.line));
        if routes.is_empty() {
            let text = match &self.module {
                Some(module) => format!("the module `{module}` has no handler; pass the module that contains the handlers, such as `\"backend::rooms\"`"),
                None => "the program has no handler; a crate that only contains handlers is linked only if the program names it: write `use my_handlers as _;`".into(),
            };
            problems.push(Problem::new(None, text));
        }
        let routers = routers(&routes, &mut problems);
        let mut channel_types = linked_channel_types();
        channel_types.retain(|info| self.includes(info.module));
        // A problem is reported at the later one of two types.
        channel_types.sort_by_key(|info| (info.file, info.line));
        channel_type_conflicts::check(&channel_types, &routes, &mut problems);
        let mut invalid: Vec<_> = inventory::iter::<InvalidDef>
            .into_iter()
            .filter(|def| self.includes(def.module))
            .collect();
        invalid.sort_by_key(|def| (def.file, def.line));
        if let Some((first, others)) = invalid.split_first() {
            for def in others {
                let text = format!(
                    "two `#[invalid]` functions, `{}` here and `{}` at {}:{}; keep one of them",
                    def.name, first.name, first.file, first.line
                );
                problems.push(Problem::new(Some((def.file, def.line)), text));
            }
        }
        let shutdown: Vec<_> = inventory::iter::<ShutdownDef>
            .into_iter()
            .filter(|def| self.includes(def.module))
            .collect();
        let provided: Vec<_> = self.provided_states.iter().map(|(id, ..)| *id).collect();
        let defs = state_functions(
            |def| self.includes(def.module) && !provided.contains(&(def.id)()),
            &mut problems,
        );
        #[cfg(not(feature = "api"))]
        let reported: Option<TypeId> = None;
        #[cfg(feature = "api")]
        let reported = super::api_client::provide_api_client(
            &mut self.provided_states,
            &routes,
            &invalid,
            &defs,
            &shutdown,
            &mut problems,
        );
        let is_provided = |id: TypeId| {
            reported == Some(id)
                || self.provided_states.iter().any(|(provided, ..)| *provided == id)
                || defs.iter().any(|def| (def.id)() == id)
        };
        let provided_names: HashSet<String> = self
            .provided_states
            .iter()
            .map(|(_, type_name, _)| (*type_name).to_owned())
            .chain(defs.iter().map(|def| (def.type_name)().to_owned()))
            .collect();
        let mut check = |name: &str, needs: &[StateNeed], place| {
            let mut missing = Vec::new();
            StateNeed::each(needs, &mut |id, type_name| {
                if !is_provided(id) && !missing.contains(&type_name) {
                    missing.push(type_name);
                }
            });
            for type_name in missing {
                let in_arc = format!("alloc::sync::Arc<{type_name}>");
                let help = if provided_names.contains(&in_arc) {
                    "there is a state `Arc` of it: return the value without the `Arc`, since states are in one already"
                } else {
                    "write a `#[state]` function that returns it, or call `Server::state`"
                };
                let text = format!("`{name}` takes `State<{type_name}>`, but nothing provides it; {help}");
                problems.push(Problem::new(Some(place), text));
            }
        };
        for route in &routes {
            check(
                route.name,
                &route.handler.info().needs(),
                (route.file, route.line),
            );
        }
        for def in &invalid {
            check(def.name, def.needs, (def.file, def.line));
        }
        for def in &defs {
            check(def.name, def.needs, (def.file, def.line));
        }
        for def in shutdown {
            check(def.name, def.needs, (def.file, def.line));
        }
        problems.extend(find_cycle(&defs));
        describe_program();
        let states = States::new(self.scoped_values);
        for (id, _, value) in self.provided_states {
            states.insert(id, value);
        }
        let states = Arc::new(states);
        if problems.is_empty() {
            build_states(&states, defs, &mut problems).await;
        } else {
            problems.extend(failing_states(states, defs).await);
            return Err(ServeError::problems(problems));
        }
        if !problems.is_empty() {
            return Err(ServeError::problems(problems));
        }
        let metrics = EventMetrics::new(
            Kind::ALL.iter().map(|kind| kind.name()),
            routes.iter().map(|route| (route.kind.name(), route.name)),
        );
        let handlers = Arc::new(Handlers {
            routes,
            routers,
            states,
            invalid: invalid.first().copied(),
            has_warned: AtomicBool::new(false),
        });
        // The layer that was added first is the outermost.
        let layers = self
            .layers
            .into_iter()
            .rev()
            .fold(None, |next: Option<Next>, box_layer| {
                Some(box_layer(next.unwrap_or_else(|| Handlers::innermost(&handlers))))
            });
        Ok(Dispatcher {
            handlers,
            layers,
            default_timeout: self.handler_timeout.unwrap_or(DEFAULT_TIMEOUT),
            metrics,
        })
    }
}
