//! Events: their kinds, messages and metadata.

mod capability;
mod event;
mod extensions;
mod fields;
mod kind;
pub(crate) mod layout;
pub mod markers;
mod metadata;
mod opened_stream;
mod request;
mod route_info;

pub use capability::{
    EventKind, HasChannel, HasConnection, HasData, HasKey, HasMeta, HasMethod, HasPattern, HasUser,
};
pub use event::Event;
pub(crate) use event::Resolved;
pub use extensions::Extensions;
pub(crate) use fields::{Fields, Malformed};
pub use kind::Kind;
pub(crate) use layout::Layout;
pub use metadata::{Metadata, MetadataError};
pub use opened_stream::{OpenedStream, PublicationStream};
pub(crate) use request::Request;
pub use route_info::RouteInfo;
