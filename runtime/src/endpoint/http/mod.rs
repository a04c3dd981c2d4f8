//! Centrifugo's proxy format over HTTP: JSON, one path for each kind.

mod endpoint;
#[cfg(fuzzing)]
pub(crate) mod fuzz;
mod json;
mod refusal;
mod response;
mod router;
mod service;

pub(crate) use endpoint::Endpoint;
pub(crate) use router::router;
pub(crate) use service::HttpService;
