//! The server API in handlers.

use std::ops::Deref;

use super::state::{FromStates, State};
use crate::api::Client;
use crate::error::Error;
use crate::event::EventKind;
use crate::handler::{Extracted, FromEvent, FromInvalid, Invalid, StateNeed, States, TypedEvent};

/// The program's [`Client`] of the server API, for handlers of every kind and for `#[state]`, `#[shutdown]` and `#[invalid]`
/// functions. Derefs to [`Client`].
///
/// It is what [`Server::api`](crate::Server::api) was given, else what [`Client::from_env`] makes. Where some function
/// takes an `Api` and there is neither, the program does not start.
///
/// ```standalone_crate
/// use centrifugo::{Api, Data, UserId};
///
/// #[centrifugo::rpc("shout")]
/// async fn shout(user: UserId, said: Data, api: Api) -> Result<(), centrifugo::Error> {
///     api.publish_bytes("square", said.into_bytes()).tag("by", &*user).await?;
///     Ok(())
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
}

impl Deref for Api {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl From<Api> for Client {
    fn from(api: Api) -> Self {
        api.client
    }
}

impl FromStates for Api {
    const STATES: &'static [StateNeed] = &[StateNeed::of::<Client>()];

    fn from_states(states: &States) -> Result<Self, Error> {
        State::<Client>::from_states(states).map(|state| Self {
            client: Client::clone(&state),
        })
    }
}

impl FromInvalid for Api {
    const STATES: &'static [StateNeed] = <Self as FromStates>::STATES;

    fn from_invalid(_: &Invalid, states: &States) -> Result<Self, Error> {
        Self::from_states(states)
    }
}

impl<K: EventKind> FromEvent<K> for Api {
    const IN_MEMORY: bool = true;
    const STATES: &'static [StateNeed] = <Self as FromStates>::STATES;

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Self::from_states(event.states()))
    }
}
