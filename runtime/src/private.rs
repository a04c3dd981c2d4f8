//! What the attributes' expansions call. Not for users: it changes without notice.

use std::any::Any;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub use inventory;

/// What cargo-fuzz calls.
#[cfg(fuzzing)]
pub mod fuzz {
    #[cfg(feature = "api")]
    pub use crate::api::transport::roadrunner::fuzz::rpc_codec;
    pub use crate::dispatch::fuzz::patterns;
    #[cfg(feature = "token")]
    pub use crate::token::fuzz::token_claims;
    pub use crate::transport::goridge::fuzz::worker;
    #[cfg(feature = "grpc")]
    pub use crate::transport::grpc::fuzz::{grpc_framing, grpc_metadata};
    #[cfg(feature = "http")]
    pub use crate::transport::http::fuzz::http_json;
}

pub use crate::adapter::{Blocking, Plain, Reply, Source, Waiting, param};
pub use crate::dispatch::generated;
pub use crate::dispatch::{FromInvalid, InvalidDef, Route};
pub use crate::extract::FromStates;
pub use crate::state::{ShutdownDef, StateDef};

#[cfg(feature = "_direct")]
use crate::dispatch::HandlerThread;
use crate::dispatch::Invalid;
use crate::error::{BoxError, Error, ReplyError};
use crate::state::{AnyState, States};

/// The value of a `#[scoped]` function.
pub fn scoped_value<T>(value: T) -> Result<T, Error> {
    Ok(value)
}

/// The value of a `#[scoped]` function that can fail.
pub fn scoped_result<T, E: ReplyError>(result: Result<T, E>) -> Result<T, Error> {
    result.map_err(ReplyError::into_error)
}

/// Runs a handler on a thread where it may block.
pub async fn blocking<R: Send + 'static>(handler: impl FnOnce() -> R + Send + 'static) -> Result<R, Error> {
    // An endpoint has threads for it, on which it polls the handler.
    #[cfg(feature = "_direct")]
    if HandlerThread::current() != HandlerThread::Other {
        std::future::poll_fn(|_| match HandlerThread::current() {
            // It is polled again on one of them.
            HandlerThread::Inline => std::task::Poll::Pending,
            _ => std::task::Poll::Ready(()),
        })
        .await;
        return Ok(handler());
    }
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            crate::dispatch::BLOCKING.fetch_sub(1, Ordering::Relaxed);
        }
    }
    crate::dispatch::BLOCKING.fetch_add(1, Ordering::Relaxed);
    let counted = Counted;
    let task = tokio::task::spawn_blocking(move || {
        let _counted = counted;
        handler()
    });
    match task.await {
        Ok(reply) => Ok(reply),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(Error::internal(error)),
        },
    }
}

/// Takes one argument of a function outside of events.
pub fn from_states<T: FromStates>(states: &States) -> Result<T, BoxError> {
    T::from_states(states).map_err(Into::into)
}

/// Takes one argument of an `#[invalid]` function.
pub fn from_invalid<T: FromInvalid>(invalid: &Invalid, states: &States) -> Result<T, BoxError> {
    T::from_invalid(invalid, states).map_err(Into::into)
}

/// The value of a `#[state]` function.
pub fn state_value<T: Any + Send + Sync>(value: T) -> Result<AnyState, BoxError> {
    Ok(Arc::new(value))
}

/// The value of a `#[state]` function that can fail.
pub fn state_result<T: Any + Send + Sync, E: Into<BoxError>>(
    result: Result<T, E>,
) -> Result<AnyState, BoxError> {
    result.map_err(Into::into).and_then(state_value)
}

/// A `#[shutdown]` function returns nothing.
pub fn shutdown_done(_: ()) {}
