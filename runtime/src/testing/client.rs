//! Calls handlers in process, without any I/O.

use std::any::{Any, TypeId};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use centrifugo_proto::proxy;
use prost::Message;
use tower_layer::Layer;
use tower_service::Service;

use super::request::requests;
use super::{Answer, Request, RequestFields};
use crate::dispatch::{Dispatcher, Next, wrap};
use crate::error::BoxError;
use crate::event::{Event, EventKind, markers};
use crate::handler::Outcome;
use crate::startup::{Builder, ServeError};

/// Calls the program's handlers as a transport would.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, State};
///
/// struct Greeting(&'static str);
///
/// #[centrifugo::rpc("greet/{name}")]
/// fn greet(name: String, State(greeting): State<Greeting>) -> Json<String> {
///     Json(format!("{} {name}", greeting.0))
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let t = TestClient::builder().state(Greeting("hello")).build().await?;
/// assert_eq!(t.rpc("greet/ann").user("42").await.json::<String>()?, "hello ann");
/// assert_eq!(t.rpc("nothing").await.error().map(|error| error.code), Some(104));
/// # Ok(())
/// # })
/// # }
/// ```
pub struct TestClient {
    pub(super) dispatcher: Dispatcher,
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient").finish_non_exhaustive()
    }
}

/// Settings of a [`TestClient`].
#[derive(Default)]
#[must_use]
pub struct TestClientBuilder(Builder);

impl TestClientBuilder {
    /// A state. It takes the place of a `#[state]` function of its type, which then does not run.
    pub fn state<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.0.state(value);
        self
    }

    /// A scoped value for every event. It takes the place of the `#[scoped]` function of its type, which then does not run.
    pub fn scoped<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.0.scoped.insert(TypeId::of::<T>(), Arc::new(value));
        self
    }

    /// The client that an [`Api`](crate::Api) gives: that of a [`testing::Api`](super::Api), for one.
    #[cfg(feature = "api")]
    pub fn api(self, client: crate::api::Client) -> Self {
        self.state(client)
    }

    /// Lays a tower layer around events and their outcomes. The layer that was added first is the outermost: it sees an
    /// event first and its outcome last.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Next> + Send + 'static,
        L::Service: Service<Event, Response = Outcome, Error: Into<BoxError>, Future: Send>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.0.layers.push(wrap(layer));
        self
    }

    /// Only handlers and states of this module and those below it: `module_path!()` for those of the test's own.
    pub fn only(mut self, module: &str) -> Self {
        self.0.only = Some(module.to_owned());
        self
    }

    /// The time limit of handlers that set none of their own.
    pub fn handler_timeout(mut self, limit: std::time::Duration) -> Self {
        self.0.limit = Some(limit);
        self
    }

    /// Checks the handlers and builds the states.
    ///
    /// # Errors
    ///
    /// What [`serve`](crate::serve) would refuse to start with.
    pub async fn build(self) -> Result<TestClient, ServeError> {
        Ok(TestClient {
            dispatcher: self.0.build().await?,
        })
    }
}

impl TestClient {
    /// All handlers that are linked, with default settings unless told otherwise.
    pub fn builder() -> TestClientBuilder {
        TestClientBuilder::default()
    }

    /// The state of a type.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.dispatcher.states().get()
    }

    requests!(&Self);
}

impl<'a, K> IntoFuture for Request<&'a TestClient, K>
where
    K: EventKind + RequestFields,
{
    type Output = Answer<K>;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer<K>> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let event = Event::new(K::KIND, self.metadata(), self.message.encode_to_vec().into());
            let outcome = self.driver.dispatcher.dispatch(event).await;
            let error = outcome.error().cloned();
            let answer = match outcome.encode(K::KIND) {
                Ok(body) => Answer::decode(&body).unwrap_or_else(|error| Answer::failed(error.to_string())),
                Err(reason) => Answer::failed(reason),
            };
            answer.because(error.as_ref())
        })
    }
}

impl fmt::Debug for TestClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClientBuilder").finish_non_exhaustive()
    }
}
