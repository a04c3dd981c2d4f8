//! Adapters from a handler's function to [`AnyHandler`].
//!
//! An adapter extracts the arguments, calls the function and converts its reply. Adapters are generic, so that an
//! attribute generates little code. If each attribute generated a complete adapter, a thousand handlers would add
//! seconds to the compile time.

use std::future::Future;

use prost::Message as _;

use super::argument::Argument;
use super::blocking::blocking;
use super::encoded_stream::EncodedStream;
use super::extracted::Extracted;
use super::format::Format;
use super::handler_info::HandlerInfo;
use super::outcome::Outcome;
use super::reply_conversion::ReplyConversion;
use super::route::{AnyHandler, Call, PendingOutcome};
use super::typed_event::TypedEvent;
use crate::error::Error;
use crate::event::EventKind;

/// A handler that is a plain function.
#[derive(Debug)]
pub struct SyncHandler<S, F, P> {
    /// Where each argument comes from.
    pub sources: S,
    /// The handler function.
    pub function: F,
    /// How the return value becomes a reply.
    pub reply: P,
}

/// A handler that is an `async fn`.
#[derive(Debug)]
pub struct AsyncHandler<S, F, P> {
    /// Where each argument comes from.
    pub sources: S,
    /// The handler function.
    pub function: F,
    /// How the return value becomes a reply.
    pub reply: P,
}

/// A handler that is a plain function and may block its thread.
#[derive(Debug)]
pub struct BlockingHandler<S, F, P> {
    /// Where each argument comes from.
    pub sources: S,
    /// The handler function.
    pub function: F,
    /// How the return value becomes a reply.
    pub reply: P,
}

fn typed<K: EventKind>(call: Box<Call>) -> Result<TypedEvent<K>, Outcome> {
    TypedEvent::new(call).map_err(|error| {
        Outcome::Unreadable(format!(
            "the body is not a request of kind `{}`: {error}",
            K::KIND
        ))
    })
}

fn outcome<K: EventKind>(answer: Result<K::Reply, Error>, format: Format) -> Outcome {
    let reply = match answer {
        Ok(reply) => reply,
        Err(error) => return Outcome::Error(error),
    };
    let (result, publications) = K::split(reply);
    let response = K::response(result);
    match publications {
        None => format.reply(&response),
        Some(publications) => {
            let response = response.encode_to_vec().into();
            Outcome::Stream(Box::new(EncodedStream::new(response, publications)))
        }
    }
}

/// Extracts the arguments that are in memory, and then awaits the others, each from left to right.
macro_rules! extract_arguments {
    ($sources:expr, $event:expr, $($T:ident $index:tt)*) => {
        $(let $T = $sources.$index.extract(&$event).first()?;)*
        $(let $T = match $T {
            Extracted::Now(value) => value?,
            Extracted::Later(future) => future.await?,
        };)*
    };
}

/// Creates the future of the outcome. `$call` calls the function with the extracted arguments.
macro_rules! outcome_future {
    ($self:ident, $call_of:ident, [$($T:ident $index:tt)*], $call:expr) => {
        PendingOutcome::Later(Box::pin(async move {
            let event = match typed::<K>($call_of) {
                Ok(event) => event,
                Err(outcome) => return outcome,
            };
            let answer = async {
                extract_arguments!($self.sources, event, $($T $index)*);
                $self.reply.finish(&event, $call)
            };
            outcome::<K>(answer.await, event.format())
        }))
    };
}

// Each adapter has one implementation of `AnyHandler`, because the compiler's error messages list the implementations.
// The traits below have the implementations for each number of arguments.

impl<S: Sync, F: SyncFunction<S, P> + Sync, P: Sync> AnyHandler for SyncHandler<S, F, P> {
    fn info(&self) -> HandlerInfo {
        F::info(self)
    }

    fn call(&'static self, call: Box<Call>) -> PendingOutcome {
        F::answer(self, call)
    }
}

impl<S: Sync, F: AsyncFunction<S, P> + Sync, P: Sync> AnyHandler for AsyncHandler<S, F, P> {
    fn info(&self) -> HandlerInfo {
        F::info(self)
    }

    fn call(&'static self, call: Box<Call>) -> PendingOutcome {
        F::answer(self, call)
    }
}

impl<S: Sync, F: BlockingFunction<S, P> + Sync, P: Sync> AnyHandler for BlockingHandler<S, F, P> {
    fn info(&self) -> HandlerInfo {
        F::info(self)
    }

    fn is_blocking(&self) -> bool {
        true
    }

    fn call(&'static self, call: Box<Call>) -> PendingOutcome {
        F::answer(self, call)
    }
}

/// A plain function of any number of arguments.
pub trait SyncFunction<S, P>: Sized {
    #[doc(hidden)]
    fn info(adapter: &SyncHandler<S, Self, P>) -> HandlerInfo;
    #[doc(hidden)]
    fn answer(adapter: &'static SyncHandler<S, Self, P>, call: Box<Call>) -> PendingOutcome;
}

/// An `async fn` of any number of arguments.
pub trait AsyncFunction<S, P>: Sized {
    #[doc(hidden)]
    fn info(adapter: &AsyncHandler<S, Self, P>) -> HandlerInfo;
    #[doc(hidden)]
    fn answer(adapter: &'static AsyncHandler<S, Self, P>, call: Box<Call>) -> PendingOutcome;
}

/// A plain function of any number of arguments that may block its thread.
pub trait BlockingFunction<S, P>: Sized {
    #[doc(hidden)]
    fn info(adapter: &BlockingHandler<S, Self, P>) -> HandlerInfo;
    #[doc(hidden)]
    fn answer(adapter: &'static BlockingHandler<S, Self, P>, call: Box<Call>) -> PendingOutcome;
}

macro_rules! adapters {
    ($([$($T:ident $index:tt)*])*) => {$(
        #[allow(non_snake_case, reason = "variables are named after type parameters")]
        impl<K, $($T,)* F, R> SyncFunction<($(Argument<K, $T>,)*), ReplyConversion<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> R + Sync + 'static,
            R: 'static,
        {
            fn info(_adapter: &SyncHandler<($(Argument<K, $T>,)*), F, ReplyConversion<K, R>>) -> HandlerInfo {
                HandlerInfo {
                    arguments: vec![$((_adapter.sources.$index.info)()),*],
                    #[cfg(feature = "schema")]
                    reply: (_adapter.reply.types)(),
                }
            }

            fn answer(
                adapter: &'static SyncHandler<($(Argument<K, $T>,)*), F, ReplyConversion<K, R>>,
                call: Box<Call>,
            ) -> PendingOutcome {
                if !(true $(&& adapter.sources.$index.is_in_memory)*) {
                    return outcome_future!(adapter, call, [$($T $index)*], (adapter.function)($($T),*));
                }
                let event = match typed::<K>(call) {
                    Ok(event) => event,
                    Err(outcome) => return PendingOutcome::Now(outcome),
                };
                let answer = || {
                    $(let $T = adapter.sources.$index.extract(&event).now()?;)*
                    adapter.reply.finish(&event, (adapter.function)($($T),*))
                };
                PendingOutcome::Now(outcome::<K>(answer(), event.format()))
            }
        }

        #[allow(non_snake_case, reason = "variables are named after type parameters")]
        impl<K, $($T,)* F, Fut, R> AsyncFunction<($(Argument<K, $T>,)*), ReplyConversion<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> Fut + Sync + 'static,
            Fut: Future<Output = R> + Send + 'static,
            R: 'static,
        {
            fn info(_adapter: &AsyncHandler<($(Argument<K, $T>,)*), F, ReplyConversion<K, R>>) -> HandlerInfo {
                HandlerInfo {
                    arguments: vec![$((_adapter.sources.$index.info)()),*],
                    #[cfg(feature = "schema")]
                    reply: (_adapter.reply.types)(),
                }
            }

            fn answer(
                adapter: &'static AsyncHandler<($(Argument<K, $T>,)*), F, ReplyConversion<K, R>>,
                call: Box<Call>,
            ) -> PendingOutcome {
                outcome_future!(adapter, call, [$($T $index)*], (adapter.function)($($T),*).await)
            }
        }

        #[allow(non_snake_case, reason = "variables are named after type parameters")]
        impl<K, $($T,)* F, R> BlockingFunction<($(Argument<K, $T>,)*), ReplyConversion<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> R + Sync + 'static,
            R: Send + 'static,
        {
            fn info(_adapter: &BlockingHandler<($(Argument<K, $T>,)*), F, ReplyConversion<K, R>>) -> HandlerInfo {
                HandlerInfo {
                    arguments: vec![$((_adapter.sources.$index.info)()),*],
                    #[cfg(feature = "schema")]
                    reply: (_adapter.reply.types)(),
                }
            }

            fn answer(
                adapter: &'static BlockingHandler<($(Argument<K, $T>,)*), F, ReplyConversion<K, R>>,
                call: Box<Call>,
            ) -> PendingOutcome {
                outcome_future!(adapter, call, [$($T $index)*], blocking(move || (adapter.function)($($T),*)).await?)
            }
        }
    )*};
}

adapters! {
    []
    [A 0]
    [A 0 B 1]
    [A 0 B 1 C 2]
    [A 0 B 1 C 2 D 3]
    [A 0 B 1 C 2 D 3 E 4]
    [A 0 B 1 C 2 D 3 E 4 G 5]
    [A 0 B 1 C 2 D 3 E 4 G 5 H 6]
    [A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7]
    [A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7 J 8]
    [A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7 J 8 L 9]
    [A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7 J 8 L 9 M 10]
    [A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7 J 8 L 9 M 10 N 11]
}
