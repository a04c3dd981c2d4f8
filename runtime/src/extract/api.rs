//! The `Api` extractor.

use std::ops::Deref;

use super::state::{FromStates, State};
use crate::api::Client;
use crate::error::Error;
use crate::event::EventKind;
use crate::handler::{Extracted, FromEvent, FromInvalid, Invalid, StateNeed, States, TypedEvent};

/// The program's [`Client`] of Centrifugo's server API. Derefs to [`Client`].
///
/// Handlers of every kind can take it, and so can `#[state]`, `#[shutdown]` and `#[invalid]` functions. The client is
/// the one that was passed to [`Server::api`](crate::Server::api), or else the one from [`Client::from_env`]. If a
/// function takes an `Api` and there is neither, the program does not start.
///
/// ```standalone_crate
/// use centrifugo::{Api, Data, UserId};
///
/// #[centrifugo::rpc("shout")]
/// async fn shout(UserId(user): UserId, data: Data, Api(api): Api) -> Result<(), centrifugo::Error> {
///     api.publish_bytes("square", data.into_bytes()).tag("by", user).await?;
///     Ok(())
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct Api(pub Client);

impl Deref for Api {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.0
    }
}

impl AsRef<Client> for Api {
    fn as_ref(&self) -> &Client {
        &self.0
    }
}

impl From<Client> for Api {
    fn from(client: Client) -> Self {
        Self(client)
    }
}

impl From<Api> for Client {
    fn from(api: Api) -> Self {
        api.0
    }
}

impl FromStates for Api {
    const STATES: &'static [StateNeed] = &[StateNeed::of::<Client>()];

    fn from_states(states: &States) -> Result<Self, Error> {
        State::<Client>::from_states(states).map(|state| Self(Client::clone(&state)))
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
