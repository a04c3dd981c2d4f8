//! The ways to Centrifugo: bytes of a method's request in, bytes of its response out.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use bytes::Bytes;

use super::error::Error;
use super::schema::Names;
use crate::state::BoxFuture;

mod connection;
mod connector;
pub(crate) mod grpc;
pub(crate) mod http;
pub(crate) mod roadrunner;

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
}

/// A way to Centrifugo.
///
/// `Debug` shows where it leads, and no credentials.
pub(crate) trait Transport: fmt::Debug + Send + Sync {
    fn encoding(&self) -> Encoding {
        Encoding::Protobuf
    }

    /// Carries a call, once. The future may be dropped at any time, and other calls must not notice.
    fn carry(&self, attempt: Attempt) -> BoxFuture<Result<Bytes, Error>>;
}

const WAITING: u8 = 0;
const SENT: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Whether an attempt has begun to leave: until then it can be given up for certain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<AtomicU8>);

impl Progress {
    /// Bytes are about to leave; false when the call was given up.
    pub(crate) fn start(&self) -> bool {
        match self
            .0
            .compare_exchange(WAITING, SENT, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) => true,
            Err(now) => now == SENT,
        }
    }

    /// Gives the call up; false when it is too late.
    pub(crate) fn give_up(&self) -> bool {
        self.0
            .compare_exchange(WAITING, GIVEN_UP, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.0.load(Ordering::Acquire) == SENT
    }
}
