//! From a handler's function to what the dispatcher calls: arguments are taken, the function is called, its answer is
//! turned into an outcome. Generic, so that an attribute has to write no code of its own: a thousand handlers would
//! cost the compiler seconds.

use std::future::Future;

use prost::Message as _;

use super::argument::Argument;
use super::blocking::blocking;
use super::call::Call;
use super::encoded_stream::EncodedStream;
use super::format::Format;
use super::from_event::Extracted;
use super::into_reply::{IntoReply, Protocol};
use super::outcome::Outcome;
use super::route::{Answering, AnyHandler};
use super::state::StateNeed;
use super::typed_event::TypedEvent;
use crate::error::Error;
use crate::event::EventKind;

/// How an answer becomes a result.
pub struct Reply<K: EventKind, R>(fn(R, Protocol) -> Result<K::Reply, Error>);

impl<K: EventKind, R: IntoReply<K>> Reply<K, R> {
    /// By the trait.
    pub const INTO: Self = Self(R::into_reply);
}

impl<K: EventKind, R> Reply<K, R> {
    fn finish(&self, event: &TypedEvent<K>, reply: R) -> Result<K::Reply, Error> {
        let client = Protocol {
            json: event.is_json_client(),
        };
        (self.0)(reply, client)
    }
}

/// A plain function.
pub struct SyncHandler<S, F, P> {
    /// Of its arguments.
    pub sources: S,
    /// Itself.
    pub function: F,
    /// Of what it returns.
    pub reply: P,
}

/// An `async fn`.
pub struct AsyncHandler<S, F, P> {
    /// Of its arguments.
    pub sources: S,
    /// Itself.
    pub function: F,
    /// Of what it returns.
    pub reply: P,
}

/// A plain function that may block.
pub struct BlockingHandler<S, F, P> {
    /// Of its arguments.
    pub sources: S,
    /// Itself.
    pub function: F,
    /// Of what it returns.
    pub reply: P,
}

fn typed<K: EventKind>(call: Box<Call>) -> Result<TypedEvent<K>, Outcome> {
    TypedEvent::new(call).map_err(|error| {
        Outcome::Unreadable(format!("the body is no message of kind `{}`: {error}", K::KIND))
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

/// Takes what is in memory, then waits for the rest, each from left to right.
macro_rules! taken {
    ($sources:expr, $event:expr, $($T:ident $index:tt)*) => {
        $(let $T = $sources.$index.take(&$event).first()?;)*
        $(let $T = match $T {
            Extracted::Now(value) => value?,
            Extracted::Later(future) => future.await?,
        };)*
    };
}

/// The future that answers, with `$call` between the arguments and the reply.
macro_rules! later {
    ($self:ident, $call_of:ident, [$($T:ident $index:tt)*], $call:expr) => {
        Answering::Later(Box::pin(async move {
            let event = match typed::<K>($call_of) {
                Ok(event) => event,
                Err(outcome) => return outcome,
            };
            let answer = async {
                taken!($self.sources, event, $($T $index)*);
                $self.reply.finish(&event, $call)
            };
            outcome::<K>(answer.await, event.format())
        }))
    };
}

// One implementation for each adapter: messages of the compiler list them. Those by number of arguments are on the functions.

impl<S: Sync, F: SyncFunction<S, P> + Sync, P: Sync> AnyHandler for SyncHandler<S, F, P> {
    fn needs(&self) -> Vec<StateNeed> {
        F::needs(&self.sources)
    }

    fn call(&'static self, call: Box<Call>) -> Answering {
        F::answer(self, call)
    }
}

impl<S: Sync, F: AsyncFunction<S, P> + Sync, P: Sync> AnyHandler for AsyncHandler<S, F, P> {
    fn needs(&self) -> Vec<StateNeed> {
        F::needs(&self.sources)
    }

    fn call(&'static self, call: Box<Call>) -> Answering {
        F::answer(self, call)
    }
}

impl<S: Sync, F: BlockingFunction<S, P> + Sync, P: Sync> AnyHandler for BlockingHandler<S, F, P> {
    fn needs(&self) -> Vec<StateNeed> {
        F::needs(&self.sources)
    }

    fn call(&'static self, call: Box<Call>) -> Answering {
        F::answer(self, call)
    }
}

/// A plain function with these sources, for any number of them.
pub trait SyncFunction<S, P>: Sized {
    #[doc(hidden)]
    fn needs(sources: &S) -> Vec<StateNeed>;
    #[doc(hidden)]
    fn answer(adapter: &'static SyncHandler<S, Self, P>, call: Box<Call>) -> Answering;
}

/// An `async fn` with these sources, for any number of them.
pub trait AsyncFunction<S, P>: Sized {
    #[doc(hidden)]
    fn needs(sources: &S) -> Vec<StateNeed>;
    #[doc(hidden)]
    fn answer(adapter: &'static AsyncHandler<S, Self, P>, call: Box<Call>) -> Answering;
}

/// A plain function that may block, for any number of sources.
pub trait BlockingFunction<S, P>: Sized {
    #[doc(hidden)]
    fn needs(sources: &S) -> Vec<StateNeed>;
    #[doc(hidden)]
    fn answer(adapter: &'static BlockingHandler<S, Self, P>, call: Box<Call>) -> Answering;
}

macro_rules! adapters {
    ($([$($T:ident $index:tt)*])*) => {$(
        #[allow(non_snake_case, reason = "values have the names of their types")]
        impl<K, $($T,)* F, R> SyncFunction<($(Argument<K, $T>,)*), Reply<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> R + Sync + 'static,
            R: 'static,
        {
            fn needs(_sources: &($(Argument<K, $T>,)*)) -> Vec<StateNeed> {
                vec![$(StateNeed::all(_sources.$index.states)),*]
            }

            fn answer(
                adapter: &'static SyncHandler<($(Argument<K, $T>,)*), F, Reply<K, R>>,
                call: Box<Call>,
            ) -> Answering {
                if !(true $(&& adapter.sources.$index.in_memory)*) {
                    return later!(adapter, call, [$($T $index)*], (adapter.function)($($T),*));
                }
                let event = match typed::<K>(call) {
                    Ok(event) => event,
                    Err(outcome) => return Answering::Now(outcome),
                };
                let answer = || {
                    $(let $T = adapter.sources.$index.take(&event).now()?;)*
                    adapter.reply.finish(&event, (adapter.function)($($T),*))
                };
                Answering::Now(outcome::<K>(answer(), event.format()))
            }
        }

        #[allow(non_snake_case, reason = "values have the names of their types")]
        impl<K, $($T,)* F, Fut, R> AsyncFunction<($(Argument<K, $T>,)*), Reply<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> Fut + Sync + 'static,
            Fut: Future<Output = R> + Send + 'static,
            R: 'static,
        {
            fn needs(_sources: &($(Argument<K, $T>,)*)) -> Vec<StateNeed> {
                vec![$(StateNeed::all(_sources.$index.states)),*]
            }

            fn answer(
                adapter: &'static AsyncHandler<($(Argument<K, $T>,)*), F, Reply<K, R>>,
                call: Box<Call>,
            ) -> Answering {
                later!(adapter, call, [$($T $index)*], (adapter.function)($($T),*).await)
            }
        }

        #[allow(non_snake_case, reason = "values have the names of their types")]
        impl<K, $($T,)* F, R> BlockingFunction<($(Argument<K, $T>,)*), Reply<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> R + Sync + 'static,
            R: Send + 'static,
        {
            fn needs(_sources: &($(Argument<K, $T>,)*)) -> Vec<StateNeed> {
                vec![$(StateNeed::all(_sources.$index.states)),*]
            }

            fn answer(
                adapter: &'static BlockingHandler<($(Argument<K, $T>,)*), F, Reply<K, R>>,
                call: Box<Call>,
            ) -> Answering {
                later!(adapter, call, [$($T $index)*], blocking(move || (adapter.function)($($T),*)).await?)
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
