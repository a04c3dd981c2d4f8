//! What a handler can take.

#[macro_use]
mod wrapper;

#[cfg(feature = "api")]
mod api;
mod channel;
mod connection;
mod data;
mod extension;
mod incoming;
mod json;
mod labels;
mod map_key;
mod message;
mod meta;
mod metadata;
mod option;
mod param;
#[cfg(feature = "protobuf")]
mod protobuf;
mod scoped;
mod state;
mod user;

#[cfg(feature = "api")]
pub use api::Api;
pub use channel::{Channel, Method};
pub use connection::Connection;
pub use data::Data;
pub use extension::Extension;
pub use incoming::{Incoming, IncomingPublication};
pub use json::Json;
pub use labels::Labels;
pub use map_key::MapKey;
pub use message::HasRequest;
pub use meta::Meta;
pub use option::OptionalFromEvent;
pub use param::FromParam;
#[cfg(feature = "protobuf")]
pub use protobuf::Protobuf;
pub use scoped::{MakeScoped, Making, Scoped};
pub use state::{FromStates, State};
pub use user::UserId;

pub use crate::event::{Extensions, Metadata};
pub use crate::handler::{Extracted, FromEvent, Invalid, StateNeed, TypedEvent};
