//! The program's states.

use std::any::type_name;
use std::sync::Arc;

use crate::error::Error;
use crate::event::EventKind;
use crate::handler::{Extracted, FromEvent, FromInvalid, Invalid, StateNeed, States, TypedEvent};

/// A value of the program that a [`#[state]`](macro@crate::state) function or [`Server::state`](crate::Server::state)
/// made; shared by all events. Derefs to `T`.
///
/// It is an `Arc`: `T` needs no `Clone`. `Arc::from(state)` gives that, `State::from(arc)` or `State::from(value)` makes one for a
/// handler that a test calls. It can't fail in a handler, since a state
/// that nothing provides is an error at start, with the handler's place. So there is no `Option<State<T>>`.
///
/// ```standalone_crate
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, State};
///
/// struct Calls(AtomicU64);
///
/// #[centrifugo::state]
/// fn calls() -> Calls {
///     Calls(AtomicU64::new(0))
/// }
///
/// #[centrifugo::rpc("count")]
/// fn count(calls: State<Calls>) -> Json<u64> {
///     Json(calls.0.fetch_add(1, Ordering::Relaxed) + 1)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// t.rpc("count").await;
/// assert_eq!(t.rpc("count").await.json::<u64>()?, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct State<T> {
    // Not a tuple: `.0` must reach that of `T`.
    inner: Arc<T>,
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
        }
    }
}

shared!(State);

/// A type that `#[state]`, `#[shutdown]` and `#[invalid]` functions can take.
#[diagnostic::on_unimplemented(
    message = "a function outside of events can't take `{Self}`",
    note = "it can take `State<T>` and `Api`"
)]
pub trait FromStates: Sized {
    /// The states that it needs.
    const STATES: &'static [StateNeed];

    /// Takes the value.
    ///
    /// # Errors
    ///
    /// When a state is missing.
    fn from_states(states: &States) -> Result<Self, Error>;
}

impl<T: Send + Sync + 'static> FromStates for State<T> {
    const STATES: &'static [StateNeed] = &[StateNeed::of::<T>()];

    fn from_states(states: &States) -> Result<Self, Error> {
        states
            .get()
            .map(|inner| Self { inner })
            .ok_or_else(|| Error::internal(format!("there is no state `{}`", type_name::<T>())))
    }
}

impl<K: EventKind, T: Send + Sync + 'static> FromEvent<K> for State<T> {
    const IN_MEMORY: bool = true;
    const STATES: &'static [StateNeed] = <Self as FromStates>::STATES;

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Self::from_states(event.states()))
    }
}

impl<T: Send + Sync + 'static> FromInvalid for State<T> {
    const STATES: &'static [StateNeed] = <Self as FromStates>::STATES;

    fn from_invalid(_: &Invalid, states: &States) -> Result<Self, Error> {
        Self::from_states(states)
    }
}
