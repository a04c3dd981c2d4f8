//! From a handler's function to what the dispatcher calls: arguments are taken, the function is called, its answer is
//! turned into an outcome. Generic, so that an attribute has to write no code of its own: a thousand handlers would
//! cost the compiler seconds.

use std::future::Future;

use prost::Message as _;

use crate::__private::blocking;
use crate::dispatch::{Answering, AnyHandler, Call, Opened, Outcome};
use crate::error::{Error, MalformedMessage};
use crate::event::{EventKind, Kind, TypedEvent};
use crate::extract::{Extracted, FromEvent};
use crate::logging::clip;
use crate::reply::{Client, IntoReply};
use crate::state::StateNeed;

/// Where one argument comes from.
pub struct Source<K: EventKind, T> {
    take: Take<K, T>,
    states: &'static [StateNeed],
    in_memory: bool,
}

enum Take<K: EventKind, T> {
    Event(fn(&TypedEvent<K>) -> Extracted<'_, T>),
    Param(usize, fn(&str) -> Result<T, String>),
}

impl<K: EventKind, T: FromEvent<K>> Source<K, T> {
    /// The event.
    pub const EVENT: Self = Self {
        take: Take::Event(T::from_event),
        states: T::STATES,
        in_memory: T::IN_MEMORY,
    };
}

/// The pattern's named wildcard of this index.
pub const fn param<K: EventKind, T>(index: usize, parse: fn(&str) -> Result<T, String>) -> Source<K, T> {
    Source {
        take: Take::Param(index, parse),
        states: &[],
        in_memory: true,
    }
}

impl<K: EventKind, T> Source<K, T> {
    fn take<'a>(&self, event: &'a TypedEvent<K>) -> Extracted<'a, T> {
        match self.take {
            Take::Event(take) => take(event),
            Take::Param(index, parse) => Extracted::Now(read(event.param(index), parse, K::KIND)),
        }
    }
}

/// A value that does not parse is an unknown channel or method.
fn read<T>(text: &str, parse: fn(&str) -> Result<T, String>, kind: Kind) -> Result<T, Error> {
    parse(text).map_err(|error| {
        let seen = if kind == Kind::Rpc {
            Error::method_not_found()
        } else {
            Error::unknown_channel()
        };
        let (text, error) = (clip(text), clip(&error));
        seen.with_source(MalformedMessage(format!(
            "`{text}` of the pattern does not parse: {error}"
        )))
    })
}

/// How an answer becomes a result.
pub struct Reply<K: EventKind, R>(fn(R, Client) -> Result<K::Reply, Error>);

impl<K: EventKind, R: IntoReply<K>> Reply<K, R> {
    /// By the trait.
    pub const INTO: Self = Self(R::into_reply);
}

impl<K: EventKind, R> Reply<K, R> {
    fn finish(&self, event: &TypedEvent<K>, reply: R) -> Result<K::Reply, Error> {
        let client = Client {
            json: event.is_json_client(),
        };
        (self.0)(reply, client)
    }
}

/// A plain function.
pub struct Plain<S, F, P> {
    /// Of its arguments.
    pub sources: S,
    /// Itself.
    pub function: F,
    /// Of what it returns.
    pub reply: P,
}

/// An `async fn`.
pub struct Waiting<S, F, P> {
    /// Of its arguments.
    pub sources: S,
    /// Itself.
    pub function: F,
    /// Of what it returns.
    pub reply: P,
}

/// A plain function that may block.
pub struct Blocking<S, F, P> {
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

fn outcome<K: EventKind>(answer: Result<K::Reply, Error>) -> Outcome {
    match answer {
        Ok(reply) => {
            let (result, publications) = K::split(reply);
            let response = K::response(result).encode_to_vec().into();
            match publications {
                None => Outcome::Reply(response),
                Some(publications) => Outcome::Stream(Box::new(Opened::new(response, publications))),
            }
        }
        Err(error) => Outcome::Error(error),
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
            outcome::<K>(answer.await)
        }))
    };
}

// One implementation for each adapter: messages of the compiler list them. Those by number of arguments are on the functions.

impl<S: Sync, F: PlainFn<S, P> + Sync, P: Sync> AnyHandler for Plain<S, F, P> {
    fn needs(&self) -> Vec<StateNeed> {
        F::needs(&self.sources)
    }

    fn call(&'static self, call: Box<Call>) -> Answering {
        F::answer(self, call)
    }
}

impl<S: Sync, F: WaitingFn<S, P> + Sync, P: Sync> AnyHandler for Waiting<S, F, P> {
    fn needs(&self) -> Vec<StateNeed> {
        F::needs(&self.sources)
    }

    fn call(&'static self, call: Box<Call>) -> Answering {
        F::answer(self, call)
    }
}

impl<S: Sync, F: BlockingFn<S, P> + Sync, P: Sync> AnyHandler for Blocking<S, F, P> {
    fn needs(&self) -> Vec<StateNeed> {
        F::needs(&self.sources)
    }

    fn call(&'static self, call: Box<Call>) -> Answering {
        F::answer(self, call)
    }
}

/// A plain function with these sources, for any number of them.
pub trait PlainFn<S, P>: Sized {
    #[doc(hidden)]
    fn needs(sources: &S) -> Vec<StateNeed>;
    #[doc(hidden)]
    fn answer(adapter: &'static Plain<S, Self, P>, call: Box<Call>) -> Answering;
}

/// An `async fn` with these sources, for any number of them.
pub trait WaitingFn<S, P>: Sized {
    #[doc(hidden)]
    fn needs(sources: &S) -> Vec<StateNeed>;
    #[doc(hidden)]
    fn answer(adapter: &'static Waiting<S, Self, P>, call: Box<Call>) -> Answering;
}

/// A plain function that may block, for any number of sources.
pub trait BlockingFn<S, P>: Sized {
    #[doc(hidden)]
    fn needs(sources: &S) -> Vec<StateNeed>;
    #[doc(hidden)]
    fn answer(adapter: &'static Blocking<S, Self, P>, call: Box<Call>) -> Answering;
}

macro_rules! adapters {
    ($([$($T:ident $index:tt)*])*) => {$(
        #[allow(non_snake_case, reason = "values have the names of their types")]
        impl<K, $($T,)* F, R> PlainFn<($(Source<K, $T>,)*), Reply<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> R + Sync + 'static,
            R: 'static,
        {
            fn needs(_sources: &($(Source<K, $T>,)*)) -> Vec<StateNeed> {
                vec![$(StateNeed::all(_sources.$index.states)),*]
            }

            fn answer(
                adapter: &'static Plain<($(Source<K, $T>,)*), F, Reply<K, R>>,
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
                Answering::Now(outcome::<K>(answer()))
            }
        }

        #[allow(non_snake_case, reason = "values have the names of their types")]
        impl<K, $($T,)* F, Fut, R> WaitingFn<($(Source<K, $T>,)*), Reply<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> Fut + Sync + 'static,
            Fut: Future<Output = R> + Send + 'static,
            R: 'static,
        {
            fn needs(_sources: &($(Source<K, $T>,)*)) -> Vec<StateNeed> {
                vec![$(StateNeed::all(_sources.$index.states)),*]
            }

            fn answer(
                adapter: &'static Waiting<($(Source<K, $T>,)*), F, Reply<K, R>>,
                call: Box<Call>,
            ) -> Answering {
                later!(adapter, call, [$($T $index)*], (adapter.function)($($T),*).await)
            }
        }

        #[allow(non_snake_case, reason = "values have the names of their types")]
        impl<K, $($T,)* F, R> BlockingFn<($(Source<K, $T>,)*), Reply<K, R>> for F
        where
            K: EventKind,
            $($T: Send + 'static,)*
            F: Fn($($T),*) -> R + Sync + 'static,
            R: Send + 'static,
        {
            fn needs(_sources: &($(Source<K, $T>,)*)) -> Vec<StateNeed> {
                vec![$(StateNeed::all(_sources.$index.states)),*]
            }

            fn answer(
                adapter: &'static Blocking<($(Source<K, $T>,)*), F, Reply<K, R>>,
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
