//! Builds a program from the functions that attributes registered, and shuts it down.

#[cfg(feature = "api")]
mod api_client;
mod builder;
mod description;
#[doc(hidden)]
pub mod generated_dispatcher;
mod hangup;
mod pattern_conflicts;
mod program;
mod routes;
mod serve_error;
mod state_builder;

pub(crate) use builder::Builder;
pub(crate) use description::DescriptionFormat;
pub(crate) use hangup::Hangup;
pub(crate) use program::Program;
pub(crate) use routes::linked_routes;
pub use routes::routes;
pub use serve_error::{ServeError, ServeErrorKind};
