//! Registrations of functions other than handlers.

use std::any::TypeId;
use std::sync::Arc;

use futures_core::future::BoxFuture;

use super::invalid::Invalid;
use super::state::{AnyState, StateNeed, States};
use crate::error::BoxError;

/// The registration of a `#[state]` function.
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

/// The registration of a `#[shutdown]` function.
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

/// The registration of an `#[invalid]` function.
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
