//! A call whose result has data of a known type.

use std::any::type_name;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::api::call::Call;
use crate::api::error::Error;
use crate::api::methods::Method;
use crate::error::parse;

/// A method whose result has data of the application.
pub trait TypedMethod: Method {
    /// The result, with data of type `T`.
    type TypedOutput<T>;

    #[doc(hidden)]
    fn typed_output<T: DeserializeOwned>(output: Self::Output) -> Result<Self::TypedOutput<T>, Error>;
}

/// A prepared call of the method `M`, whose result has data of type `T`.
///
/// Set its options, then await it. If data in the result is not a `T`, the call fails with
/// [`ErrorKind::Unreadable`](crate::api::ErrorKind::Unreadable).
#[must_use = "a call is made when it is awaited"]
pub struct TypedCall<M: Method, T> {
    call: Call<M>,
    data_type: PhantomData<fn() -> T>,
}

impl<M: Method, T> TypedCall<M, T> {
    pub(super) fn new(call: Call<M>) -> Self {
        Self {
            call,
            data_type: PhantomData,
        }
    }

    /// Sets the time limit of the call, all its attempts together, instead of the client's limit.
    pub fn timeout(self, limit: Duration) -> Self {
        self.set(|call| call.timeout(limit))
    }

    /// Returns the call whose result has bytes, for example to add it to a [`Batch`](crate::api::Batch).
    pub fn untyped(self) -> Call<M> {
        self.call
    }

    pub(super) fn set(self, change: impl FnOnce(Call<M>) -> Call<M>) -> Self {
        Self::new(change(self.call))
    }
}

/// Shows the method and the client, not the data.
impl<M: Method, T> fmt::Debug for TypedCall<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

impl<M: TypedMethod, T: DeserializeOwned + 'static> IntoFuture for TypedCall<M, T> {
    type Output = Result<M::TypedOutput<T>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let call = self.call.into_future();
        Box::pin(async move { M::typed_output(call.await?) })
    }
}

/// Reads the data of a result. `place` says which data of the result it is.
pub(super) fn read_data<M: Method, T: DeserializeOwned>(
    data: &[u8],
    place: impl fmt::Display,
) -> Result<T, Error> {
    parse(data).map_err(|error| {
        let text = format!("the data {place} is not a `{}`: {error}", type_name::<T>());
        Error::unreadable(text).with_method(M::NAMES.name)
    })
}
