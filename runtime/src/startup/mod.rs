//! From what the attributes registered to a program that is ready for events.

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

pub(crate) use builder::Builder;
pub(crate) use description::Describe;
pub(crate) use hangup::Hangup;
pub(crate) use program::Program;
pub use routes::routes;
pub use serve_error::{ServeError, ServeErrorKind};
