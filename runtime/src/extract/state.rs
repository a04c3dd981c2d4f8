//! The `State` extractor.

use std::any::type_name;
use std::sync::Arc;

use crate::error::Error;
use crate::event::EventKind;
use crate::handler::{Extracted, FromEvent, FromInvalid, Invalid, StateNeed, States, TypedEvent};

/// A value of the program that all events share. Derefs to `T`.
///
/// A [`#[state]`](macro@crate::state) function or [`Server::state`](crate::Server::state) provides the value. The
/// public field is an `Arc<T>`, so `T` needs no `Clone`, and `State(value): State<T>` destructures it. In a test that
/// calls a handler as a function, `State::from(value)` creates the argument.
///
/// A missing state is an error at start, which names the handler and its place in the source. Extraction therefore
/// never fails and there is no `Option<State<T>>`.
///
/// ```standalone_crate
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, State};
///
/// #[derive(Default)]
/// struct Stats {
///     calls: AtomicU64,
/// }
///
/// #[centrifugo::state]
/// fn stats() -> Stats {
///     Stats::default()
/// }
///
/// #[centrifugo::rpc("count")]
/// fn count(State(stats): State<Stats>) -> Json<u64> {
///     Json(stats.calls.fetch_add(1, Ordering::Relaxed) + 1)
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
///
/// If `T` is a tuple struct, `state.0` is the `Arc` and `state.0.0` is the first field of `T`.
#[derive(Debug)]
pub struct State<T>(pub Arc<T>);

shared_newtype!(State);

/// A type that `#[state]`, `#[shutdown]` and `#[invalid]` functions can take.
#[diagnostic::on_unimplemented(
    message = "a function outside of events can't take `{Self}`",
    note = "it can take `State<T>` and `Api`"
)]
pub trait FromStates: Sized {
    /// The states that extraction needs.
    const STATES: &'static [StateNeed];

    /// Extracts the value.
    ///
    /// # Errors
    ///
    /// Fails if a state is missing.
    fn from_states(states: &States) -> Result<Self, Error>;
}

impl<T: Send + Sync + 'static> FromStates for State<T> {
    const STATES: &'static [StateNeed] = &[StateNeed::of::<T>()];

    fn from_states(states: &States) -> Result<Self, Error> {
        states
            .get()
            .map(Self)
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
