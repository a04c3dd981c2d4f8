//! Extractors: the types that handlers can take as arguments.

#[macro_use]
mod wrapper;

#[cfg(feature = "api")]
mod api;
mod channel;
mod channel_type;
mod connection;
mod data;
#[cfg(feature = "schema")]
mod described_data;
mod extension;
mod incoming;
mod incoming_publication;
mod json;
mod labels;
mod map_key;
mod meta;
mod metadata;
mod method;
mod option;
mod param;
#[cfg(feature = "protobuf")]
mod protobuf;
mod request_message;
mod scoped;
mod state;
mod user_id;

#[cfg(feature = "api")]
pub use api::Api;
pub use channel::Channel;
#[doc(hidden)]
pub use channel_type::channel_from_event;
pub use connection::Connection;
pub use data::Data;
pub use extension::Extension;
pub use incoming::Incoming;
pub use incoming_publication::{FromIncoming, IncomingPublication};
pub use json::Json;
pub use labels::Labels;
pub use map_key::MapKey;
pub use meta::Meta;
pub use method::Method;
pub use option::OptionalFromEvent;
pub use param::FromParam;
#[cfg(feature = "protobuf")]
pub use protobuf::Protobuf;
pub use request_message::HasRequest;
pub use scoped::{MakeScoped, Scoped, ScopedFuture};
pub use state::{FromStates, State};
pub use user_id::UserId;

pub use crate::event::{Extensions, Metadata};
pub use crate::handler::{Extracted, FromEvent, Invalid, StateNeed, TypedEvent};
