//! Centrifugo's proxy format over HTTP: JSON, one path for each kind.

#[cfg(fuzzing)]
pub(crate) mod fuzz;
mod json;
mod messages;
mod router;

pub(crate) use router::router;
