//! Centrifugo's proxy service over gRPC (`centrifugal.centrifugo.proxy.CentrifugoProxy`).

mod codec;
#[cfg(fuzzing)]
pub(crate) mod fuzz;
mod health;
mod service;
mod stream;
mod timeout;

pub(crate) use health::{Health, WithHealth};
pub(crate) use service::Service;
