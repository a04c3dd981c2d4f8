//! Functions other than handlers, as their attributes register them.

use std::any::TypeId;
use std::sync::Arc;

use futures_core::future::BoxFuture;

use super::invalid::Invalid;
use super::state::{AnyState, StateNeed, States};
use crate::error::BoxError;

/// A `#[state]` function, as the attribute registers it.
#[derive(Debug)]
pub struct StateDef {
    #[doc(hidden)]
    pub id: fn() -> TypeId,
    #[doc(hidden)]
    pub type_name: fn() -> &'static str,
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub module: &'static str,
    #[doc(hidden)]
    pub file: &'static str,
    #[doc(hidden)]
    pub line: u32,
    #[doc(hidden)]
    pub needs: &'static [StateNeed],
    #[doc(hidden)]
    pub build: fn(Arc<States>) -> BoxFuture<'static, Result<AnyState, BoxError>>,
}

inventory::collect!(StateDef);

/// A `#[shutdown]` function, as the attribute registers it.
#[derive(Debug)]
pub struct ShutdownDef {
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub module: &'static str,
    #[doc(hidden)]
    pub file: &'static str,
    #[doc(hidden)]
    pub line: u32,
    #[doc(hidden)]
    pub needs: &'static [StateNeed],
    #[doc(hidden)]
    pub call: fn(Arc<States>) -> BoxFuture<'static, Result<(), BoxError>>,
}

inventory::collect!(ShutdownDef);

/// An `#[invalid]` function, as the attribute registers it.
#[derive(Debug)]
pub struct InvalidDef {
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub module: &'static str,
    #[doc(hidden)]
    pub file: &'static str,
    #[doc(hidden)]
    pub line: u32,
    #[doc(hidden)]
    pub needs: &'static [StateNeed],
    #[doc(hidden)]
    pub call: fn(Invalid, Arc<States>) -> BoxFuture<'static, Result<(), BoxError>>,
}

inventory::collect!(InvalidDef);
