//! The transports to Centrifugo, which carry encoded requests and responses.

use std::fmt;

use bytes::Bytes;
use futures_core::future::BoxFuture;

use super::capacity::Share;
use super::error::Error;
use super::schema::Names;

mod activity;
mod connector;
pub(crate) mod grpc;
pub(crate) mod http;
mod page;
mod progress;
pub(crate) mod roadrunner;

pub(crate) use progress::Progress;

/// How requests and responses are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Protobuf,
    Json,
}

/// One attempt of a call.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) names: &'static Names,
    pub(crate) body: Bytes,
    pub(crate) progress: Progress,
    /// Held until the request is no longer in memory.
    pub(crate) share: Share,
}

/// A transport to Centrifugo.
///
/// `Debug` shows its address and no credentials.
pub(crate) trait Transport: fmt::Debug + Send + Sync {
    fn encoding(&self) -> Encoding {
        Encoding::Protobuf
    }

    /// Sends a call once. The future may be dropped at any time, without effect on other calls.
    fn carry(&self, attempt: Attempt) -> BoxFuture<'static, Result<Bytes, Error>>;
}
