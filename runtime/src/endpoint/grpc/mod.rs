//! Centrifugo's proxy service over gRPC (`centrifugal.centrifugo.proxy.CentrifugoProxy`).

mod codec;
mod endpoint;
#[cfg(fuzzing)]
pub(crate) mod fuzz;
mod health;
mod health_calls;
mod message_body;
mod request_check;
mod service;
mod stream;
mod timeout;

pub(crate) use endpoint::WithHealth;
pub(crate) use health::Health;
pub(crate) use service::Service;
