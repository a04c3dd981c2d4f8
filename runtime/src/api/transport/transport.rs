//! What the client needs of a transport.

use std::fmt;

use bytes::Bytes;
use futures_core::future::BoxFuture;

use super::attempt_progress::AttemptProgress;
use crate::api::error::Error;
use crate::api::in_flight_limit::InFlightPermit;
use crate::api::methods::Names;
use crate::otel::TraceHeaders;

/// How requests and responses are encoded.
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
    pub(crate) progress: AttemptProgress,
    /// The trace that the call belongs to.
    pub(crate) trace: TraceHeaders,
    /// Held until the request is no longer in memory.
    pub(crate) permit: InFlightPermit,
}

/// A transport to Centrifugo.
///
/// `Debug` shows its name and address, and no credentials: errors contain this text.
pub(crate) trait Transport: fmt::Debug + Send + Sync {
    /// Returns the name of the transport, for the metrics.
    fn name(&self) -> &'static str;

    fn encoding(&self) -> Encoding {
        Encoding::Protobuf
    }

    /// Sends a call once. The future may be dropped at any time, without effect on other calls.
    fn carry(&self, attempt: Attempt) -> BoxFuture<'static, Result<Bytes, Error>>;
}
