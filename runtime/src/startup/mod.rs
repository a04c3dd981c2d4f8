//! Builds a program from the functions that attributes registered, and shuts it down.

#[cfg(feature = "api")]
mod api_client;
mod builder;
mod channel_type_conflicts;
mod channel_types;
mod described_channels;
#[cfg(feature = "schema")]
mod described_errors;
#[cfg_attr(not(feature = "schema"), path = "described_types_not_built.rs")]
mod described_types;
mod description;
mod document;
#[doc(hidden)]
pub mod generated_dispatcher;
mod hangup;
mod pattern_conflicts;
mod program;
mod route_namespace;
mod routes;
#[cfg(feature = "schema")]
mod schemas;
mod serve_error;
mod state_builder;

pub(crate) use builder::{Builder, DEFAULT_TIMEOUT};
pub(crate) use channel_types::linked_channel_types;
pub(crate) use description::describe_handlers;
pub(crate) use document::describe_program;
pub(crate) use hangup::Hangup;
pub(crate) use program::Program;
pub(crate) use route_namespace::{is_private, is_user_limited, route_namespace};
pub(crate) use routes::linked_routes;
pub use routes::routes;
pub use serve_error::{ServeError, ServeErrorKind};
