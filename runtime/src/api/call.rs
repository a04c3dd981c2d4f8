//! A call with its options.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::mem::size_of;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use centrifugo_proto::api as proto;
use prost::Message as _;
use serde::Serialize;

use super::call_target::CallTarget;
use super::client::Client;
use super::error::Error;
use super::methods::Method;
use super::retry::{DecodedAnswer, EncodedRequest};
use super::transport::Encoding;

/// A prepared call of the method `M`.
///
/// Set its options, then await it or add it to a [`Batch`](super::Batch).
#[must_use = "a call is made when it is awaited"]
pub struct Call<M: Method> {
    pub(crate) client: Client,
    pub(crate) request: Result<M::Request, Error>,
    pub(crate) timeout: Option<Duration>,
}

impl Client {
    /// Prepares a call of any method with a complete request message.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::api::method;
    /// use centrifugo::proto::api::PresenceRequest;
    ///
    /// let request = PresenceRequest { channel: "chat:1".into() };
    /// let presence = api.call::<method::Presence>(request).await?;
    /// assert!(presence.presence.is_empty());
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn call<M: Method>(&self, request: M::Request) -> Call<M> {
        Call::new(self, Ok(request))
    }
}

impl<M: Method> Call<M> {
    pub(crate) fn new(client: &Client, request: Result<M::Request, Error>) -> Self {
        Self {
            client: client.clone(),
            request,
            timeout: None,
        }
    }

    /// Sets the time limit of the call, all its attempts together, instead of the client's limit.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    pub(crate) fn set(mut self, change: impl FnOnce(&mut M::Request)) -> Self {
        if let Ok(request) = &mut self.request {
            change(request);
        }
        self
    }

    /// Serializes `value` as JSON and sets a field to it.
    pub(crate) fn set_json<T: Serialize + ?Sized>(
        mut self,
        value: &T,
        change: impl FnOnce(&mut M::Request, Bytes),
    ) -> Self {
        if let Ok(request) = &mut self.request {
            match json(value) {
                Ok(bytes) => change(request, bytes),
                Err(error) => self.request = Err(error),
            }
        }
        self
    }

    async fn send(self) -> Result<M::Output, Error> {
        let name = M::NAMES.name;
        let mut request = self.request.map_err(|error| error.with_method(name))?;
        let repeatable = !M::idempotency_key(&request).is_empty();
        let encoding = self.client.encoding();
        let body = write::<M>(&mut request, encoding).map_err(|error| error.with_method(name))?;
        let target = M::target(request);
        let request = EncodedRequest {
            names: &M::NAMES,
            target: target.clone(),
            body,
            is_repeatable: repeatable,
            timeout: self.timeout,
        };
        let read = |answer| {
            let result = read::<M::Response>(answer, encoding)
                .map_err(|error| error.with_method(name))
                .and_then(|response| outcome::<M>(M::into_parts(response), &target));
            let is_temporary = match &result {
                Ok(output) => M::is_partly_temporary(output),
                Err(error) => error.is_temporary(),
            };
            DecodedAnswer { result, is_temporary }
        };
        let result = self.client.transport().send(request, read).await;
        result.map_err(|error| error.with_target(&target))
    }
}

/// Shows the method and the client, not the data.
impl<M: Method> fmt::Debug for Call<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}, {:?})", M::NAMES.name, self.client)
    }
}

impl<M: Method> IntoFuture for Call<M> {
    type Output = Result<M::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Serializes a value as JSON.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<Bytes, Error> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|error| {
        Error::invalid(format!("the data cannot be written as JSON: {error}"))
            .with_source(Arc::new(error) as Arc<_>)
    })
}

fn write<M: Method>(request: &mut M::Request, encoding: Encoding) -> Result<Bytes, Error> {
    match encoding {
        Encoding::Protobuf => Ok(request.encode_to_vec().into()),
        Encoding::Json => {
            M::for_json(request);
            json(request)
        }
    }
}

pub(crate) fn read<T: prost::Message + Default + serde::de::DeserializeOwned>(
    answer: Bytes,
    encoding: Encoding,
) -> Result<T, Error> {
    let read = match encoding {
        Encoding::Protobuf => T::decode(answer).map_err(|error| error.to_string()),
        Encoding::Json => serde_json::from_slice(&answer).map_err(|error| error.to_string()),
    };
    read.map_err(|error| Error::unreadable(format!("the answer cannot be decoded: {error}")))
}

/// Returns the result or the error in a response.
pub(crate) fn outcome<M: Method>(
    parts: (Option<proto::Error>, Option<M::Result>),
    target: &CallTarget,
) -> Result<M::Output, Error> {
    match parts {
        (Some(error), _) => Err(Error::answered(M::NAMES.name, error)),
        (None, Some(result)) => Ok(M::output(result, target)),
        // A result without content may be absent.
        (None, None) if size_of::<M::Output>() == 0 => Ok(M::output(M::Result::default(), target)),
        (None, None) => {
            Err(Error::unreadable("the answer has neither a result nor an error").with_method(M::NAMES.name))
        }
    }
}
