//! A client that calls handlers in process, without I/O.

use std::any::{Any, TypeId};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use centrifugo_proto::proxy;
use prost::Message;
use tower_layer::Layer;
use tower_service::Service;

use super::answer::Answer;
use super::request::requests;
use super::request::{Request, RequestFields};
use crate::dispatch::{Dispatcher, box_layer};
use crate::error::BoxError;
use crate::event::{Event, EventKind, markers};
use crate::handler::{Next, Outcome};
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
    /// Sets a state. It replaces the `#[state]` function of its type, which then does not run.
    pub fn state<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.0.state(value);
        self
    }

    /// Sets a scoped value for every event. It replaces the `#[scoped]` function of its type, which then does not run.
    pub fn scoped<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.0.scoped_values.insert(TypeId::of::<T>(), Arc::new(value));
        self
    }

    /// Sets the client that the [`Api`](crate::Api) extractor returns, such as that of a [`testing::Api`](super::Api).
    #[cfg(feature = "api")]
    pub fn api(self, client: crate::api::Client) -> Self {
        self.state(client)
    }

    /// Adds a tower layer around events and their outcomes.
    ///
    /// The first layer is the outermost: it sees an event first and its outcome last.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Next> + Send + 'static,
        L::Service: Service<Event, Response = Outcome, Error: Into<BoxError>, Future: Send>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.0.layers.push(box_layer(layer));
        self
    }

    /// Uses only the handlers and states of this module and its submodules, such as those of `module_path!()`.
    pub fn only(mut self, module: &str) -> Self {
        self.0.module = Some(module.to_owned());
        self
    }

    /// Sets the time limit of handlers that have none of their own.
    pub fn handler_timeout(mut self, limit: std::time::Duration) -> Self {
        self.0.handler_timeout = Some(limit);
        self
    }

    /// Checks the handlers and builds the states.
    ///
    /// # Errors
    ///
    /// Fails with the problems that would be start errors of [`serve`](crate::serve).
    pub async fn build(self) -> Result<TestClient, ServeError> {
        Ok(TestClient {
            dispatcher: self.0.build().await?,
        })
    }
}

impl TestClient {
    /// Returns a builder with all handlers that are linked, and default settings.
    pub fn builder() -> TestClientBuilder {
        TestClientBuilder::default()
    }

    /// Returns the state of a type.
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
            answer.with_source_of(error.as_ref())
        })
    }
}

impl fmt::Debug for TestClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClientBuilder").finish_non_exhaustive()
    }
}
