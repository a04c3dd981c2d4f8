//! A fake of Centrifugo's server API.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use centrifugo_proto::api::{self as proto, BatchRequest, BatchResponse};
use futures_core::future::BoxFuture;
use prost::Message as _;
use serde::de::DeserializeOwned;

use crate::api::transport::{Attempt, Transport};
use crate::api::{Client, Error, Method, Names, fold, unfold};
use crate::error::BoxError;

/// A fake of Centrifugo's server API: it records calls and returns prepared answers.
///
/// A call without a prepared answer succeeds with an empty result. The calls of a batch are recorded one by one.
///
/// ```standalone_crate
/// use centrifugo::testing::{Api, TestClient};
/// use centrifugo::{Error, Json, UserId};
///
/// #[centrifugo::rpc("say")]
/// async fn say(UserId(user): UserId, Json(line): Json<String>, api: centrifugo::Api) -> Result<(), Error> {
///     api.publish("chat:1", &line).tag("by", user).await?;
///     Ok(())
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let fake = Api::new();
/// let t = TestClient::builder().api(fake.client()).build().await?;
/// t.rpc("say").user("42").json(&"hello").await;
/// assert_eq!(fake.published_json::<String>("chat:1")?, ["hello"]);
/// # Ok(())
/// # })
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Api(Arc<Mutex<State>>);

type Answerer = Box<dyn FnMut(Bytes) -> Result<Bytes, Error> + Send>;

#[derive(Default)]
struct State {
    calls: Vec<(&'static str, Bytes)>,
    answers: HashMap<&'static str, Answerer>,
}

impl Api {
    /// Creates a fake without recorded calls and prepared answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a client whose calls this fake answers.
    pub fn client(&self) -> Client {
        Client::new(Box::new(self.clone()), Duration::from_secs(5))
    }

    /// Prepares the result of calls of `M`. It replaces a previously prepared answer.
    ///
    /// ```
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::api::method;
    /// use centrifugo::proto::api::PresenceStatsResult;
    ///
    /// fake.answer::<method::PresenceStats>(PresenceStatsResult { num_clients: 3, num_users: 2 });
    /// assert_eq!(api.presence_stats("chat:1").await?.num_users, 2);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn answer<M: Method>(&self, result: M::Result) {
        self.on::<M>(move |_| Ok(result.clone()));
    }

    /// Prepares an error of Centrifugo for calls of `M`.
    ///
    /// ```
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::api::method;
    ///
    /// fake.refuse::<method::History>(108, "not available");
    /// assert_eq!(api.history("chat:1").await.unwrap_err().code(), Some(108));
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn refuse<M: Method>(&self, code: u32, message: &str) {
        let error = Self::error(code, message);
        self.on::<M>(move |_| Err(error.clone()));
    }

    /// Makes calls of `M` fail as if the connection was lost after the call was sent. The calls are recorded.
    ///
    /// ```
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::api::{Delivery, method};
    ///
    /// fake.lose::<method::Publish>();
    /// let error = api.publish("news", &"hello").await.unwrap_err();
    /// assert_eq!(error.delivery(), Delivery::Unknown);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn lose<M: Method>(&self) {
        self.on::<M>(|_| Err(Error::lost(true, "the connection was lost")));
    }

    /// Answers calls of `M` with a function of the request.
    ///
    /// ```
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::api::method;
    /// use centrifugo::proto::api::PublishResult;
    /// use centrifugo::testing::Api;
    ///
    /// fake.on::<method::Publish>(|request| match request.channel.as_str() {
    ///     "news" => Ok(PublishResult { offset: 7, ..Default::default() }),
    ///     _ => Err(Api::error(102, "unknown channel")),
    /// });
    /// assert_eq!(api.publish("news", &1).await?.offset, 7);
    /// assert_eq!(api.publish("x", &1).await.unwrap_err().code(), Some(102));
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn on<M: Method>(
        &self,
        mut answer: impl FnMut(M::Request) -> Result<M::Result, Error> + Send + 'static,
    ) {
        let answerer = move |request: Bytes| {
            let request =
                M::Request::decode(request).map_err(|error| Error::unreadable(error.to_string()))?;
            let result = match answer(request) {
                Ok(result) => Ok(result),
                Err(error) => match error.code() {
                    Some(code) => Err(proto::Error {
                        code,
                        message: error.message().to_owned(),
                    }),
                    None => return Err(error),
                },
            };
            Ok(M::response(result).encode_to_vec().into())
        };
        self.state().answers.insert(M::NAMES.name, Box::new(answerer));
    }

    /// Creates an error of Centrifugo, for [`on`](Self::on).
    pub fn error(code: u32, message: &str) -> Error {
        let message = message.to_owned();
        Error::answered("", proto::Error { code, message })
    }

    /// Returns the calls of `M`, oldest first.
    ///
    /// ```
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::api::method;
    ///
    /// api.disconnect("42").client("c-1").await?;
    /// let calls = fake.calls::<method::Disconnect>();
    /// assert_eq!((calls[0].user.as_str(), calls[0].client.as_str()), ("42", "c-1"));
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn calls<M: Method>(&self) -> Vec<M::Request> {
        let state = self.state();
        state
            .calls
            .iter()
            .filter(|(name, _)| *name == M::NAMES.name)
            .filter_map(|(_, request)| M::Request::decode(request.clone()).ok())
            .collect()
    }

    /// Returns the names of the methods that were called, as Centrifugo's schema has them, oldest first.
    pub fn called(&self) -> Vec<&'static str> {
        self.state().calls.iter().map(|(name, _)| *name).collect()
    }

    /// Returns the data of publications to a channel, by publish or broadcast, oldest first.
    pub fn published(&self, channel: &str) -> Vec<Bytes> {
        let state = self.state();
        let published = |(name, request): &(&'static str, Bytes)| match *name {
            "Publish" => proto::PublishRequest::decode(request.clone())
                .ok()
                .filter(|request| request.channel == channel)
                .map(|request| request.data),
            "Broadcast" => proto::BroadcastRequest::decode(request.clone())
                .ok()
                .filter(|request| request.channels.iter().any(|other| other == channel))
                .map(|request| request.data),
            _ => None,
        };
        state.calls.iter().filter_map(published).collect()
    }

    /// Deserializes the data of publications to a channel as JSON: see [`published`](Self::published).
    ///
    /// # Errors
    ///
    /// Fails if the data of a publication does not fit `T`.
    pub fn published_json<T: DeserializeOwned>(&self, channel: &str) -> Result<Vec<T>, BoxError> {
        self.published(channel)
            .iter()
            .map(|data| serde_json::from_slice(data).map_err(Into::into))
            .collect()
    }

    /// Deletes the recorded calls. Prepared answers are kept.
    pub fn clear(&self) {
        self.state().calls.clear();
    }

    /// Runs an example of the docs.
    #[doc(hidden)]
    pub fn example(run: impl AsyncFnOnce(Client, Self) -> Result<(), BoxError>) -> Result<(), BoxError> {
        let fake = Self::new();
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(run(fake.client(), fake))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn carry(&mut self, name: &'static str, request: Bytes) -> Result<Bytes, Error> {
        self.calls.push((name, request.clone()));
        match self.answers.get_mut(name) {
            Some(answer) => answer(request),
            // Every response has its result in field 2. This one is empty.
            None => Ok(Bytes::from_static(&[0x12, 0])),
        }
    }

    fn batch(&mut self, request: Bytes) -> Result<Bytes, Error> {
        let unreadable = |error: prost::DecodeError| Error::unreadable(error.to_string());
        let request = BatchRequest::decode(request).map_err(unreadable)?;
        let mut replies = Vec::new();
        for command in &request.commands {
            let (name, request) = unfold(command).ok_or_else(|| Error::refused("an empty command"))?;
            let response = self.carry(name, request)?;
            replies.push(fold(name, &response).map_err(unreadable)?);
        }
        Ok(BatchResponse { replies }.encode_to_vec().into())
    }
}

impl Transport for Api {
    fn name(&self) -> &'static str {
        "testing"
    }

    fn carry(&self, attempt: Attempt) -> BoxFuture<'static, Result<Bytes, Error>> {
        let mut state = self.state();
        let result = if attempt.names.name == Names::BATCH.name {
            state.batch(attempt.body)
        } else {
            state.carry(attempt.names.name, attempt.body)
        };
        drop(state);
        Box::pin(std::future::ready(result))
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("testing::Api")
    }
}
