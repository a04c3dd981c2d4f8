//! The states of a program. They are built before the first event and dropped after the last one.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::panic_text;

/// The states that an extractor needs; see [`FromEvent::STATES`](crate::FromEvent::STATES).
#[derive(Clone, Copy, Debug)]
pub struct StateNeed(Need);

#[derive(Clone, Copy, Debug)]
enum Need {
    One {
        id: TypeId,
        type_name: fn() -> &'static str,
    },
    All(&'static [StateNeed]),
    /// Not a state. Extractors that consist of others pass their needs on, so that a wrapped extractor is found as well.
    Other(OtherNeed),
}

/// What Centrifugo must be configured to send for an extractor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OtherNeed {
    /// The client's side of a two-way stream.
    ClientStream,
    /// The meta of the connection.
    ConnectionMeta,
}

impl StateNeed {
    /// The need of an extractor that reads the client's side of a two-way stream.
    pub(crate) const CLIENT_STREAM: Self = Self(Need::Other(OtherNeed::ClientStream));
    /// The need of an extractor that reads the meta of the connection.
    pub(crate) const CONNECTION_META: Self = Self(Need::Other(OtherNeed::ConnectionMeta));

    /// Creates a need for the state of type `T`.
    pub const fn of<T: 'static>() -> Self {
        Self(Need::One {
            id: TypeId::of::<T>(),
            type_name: std::any::type_name::<T>,
        })
    }

    /// Combines needs, for an extractor that contains other extractors.
    pub const fn all(needs: &'static [Self]) -> Self {
        Self(Need::All(needs))
    }

    /// Calls `visit` with each type that is needed, and its name.
    pub(crate) fn each(needs: &[Self], visit: &mut dyn FnMut(TypeId, &'static str)) {
        for need in needs {
            match need.0 {
                Need::One { id, type_name } => visit(id, type_name()),
                Need::All(needs) => Self::each(needs, visit),
                Need::Other(_) => {}
            }
        }
    }

    /// Returns whether `wanted` is one of the needs.
    pub(crate) fn include(needs: &[Self], wanted: OtherNeed) -> bool {
        needs.iter().any(|need| match need.0 {
            Need::One { .. } => false,
            Need::All(needs) => Self::include(needs, wanted),
            Need::Other(other) => other == wanted,
        })
    }
}

pub(crate) type AnyState = Arc<dyn Any + Send + Sync>;

/// All states of a program.
#[derive(Default)]
pub struct States {
    inner: RwLock<Inner>,
    /// Values from a test that replace `#[scoped]` functions.
    scoped: HashMap<TypeId, AnyState>,
}

#[derive(Default)]
struct Inner {
    by_type: HashMap<TypeId, AnyState>,
    order: Vec<TypeId>,
}

impl States {
    pub(crate) fn new(scoped: HashMap<TypeId, AnyState>) -> Self {
        Self {
            inner: RwLock::default(),
            scoped,
        }
    }

    /// Returns the value from a test that replaces a `#[scoped]` function.
    pub(crate) fn given_scoped<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.scoped.get(&TypeId::of::<T>())?.clone().downcast().ok()
    }

    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        inner.by_type.get(&TypeId::of::<T>())?.clone().downcast().ok()
    }

    pub(crate) fn contains(&self, id: TypeId) -> bool {
        self.inner
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .by_type
            .contains_key(&id)
    }

    pub(crate) fn insert(&self, id: TypeId, value: AnyState) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        inner.by_type.insert(id, value);
        inner.order.push(id);
    }

    /// Leaks the states, because functions that use them still run while the process exits.
    pub(crate) fn keep(&self) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        inner.order.clear();
        std::mem::forget(std::mem::take(&mut inner.by_type));
    }

    /// Drops the states in reverse order. Handlers that still run keep the states that they use.
    pub(crate) fn clear(&self) {
        loop {
            let last = {
                let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
                let Some(id) = inner.order.pop() else { return };
                inner.by_type.remove(&id)
            };
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(last))) {
                let panic = panic_text(&*panic);
                tracing::error!(target: "centrifugo", panic, "state panicked while it was dropped");
            }
        }
    }
}

impl Drop for States {
    fn drop(&mut self) {
        self.clear();
    }
}

impl fmt::Debug for States {
    /// Shows the number of states, since their types are not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("States")
            .field("len", &inner.by_type.len())
            .finish_non_exhaustive()
    }
}
