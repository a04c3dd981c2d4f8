//! An event with its body decoded: what extractors read.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use super::{EventKind, Metadata};
use crate::state::States;

/// Values by type that a layer puts beside an event; [`Extension`](crate::Extension) takes them out.
#[derive(Clone, Default)]
pub struct Extensions(Option<Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl Extensions {
    /// Puts a value there, in place of one of the same type.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        let map = self.0.get_or_insert_default();
        Arc::make_mut(map).insert(TypeId::of::<T>(), Arc::new(value));
    }

    /// The value of a type.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0.as_ref()?.get(&TypeId::of::<T>())?.clone().downcast().ok()
    }
}

/// An event of kind `K` with its body decoded.
pub struct TypedEvent<K: EventKind> {
    pub(crate) request: K::Request,
    pub(crate) metadata: Arc<Metadata>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) extensions: Extensions,
    pub(crate) states: Arc<States>,
    pub(crate) params: Vec<Range<usize>>,
}

impl<K: EventKind> TypedEvent<K> {
    /// The whole request message.
    pub fn request(&self) -> &K::Request {
        &self.request
    }

    /// The headers that came along.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// When the handler's time is over, if the caller said so.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The program's state of a type, if there is one.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.states.get()
    }

    /// What a layer put beside the event.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}
