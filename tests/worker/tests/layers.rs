//! Tower layers around events: their order, their access to the event, and their errors.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use centrifugo::event::{Event, EventKind, Kind, Metadata};
use centrifugo::extract::{Extracted, TypedEvent};
use centrifugo::layer::{Next, Outcome};
use centrifugo::testing::TestClient;
use centrifugo::{Error, Extension, FromEvent, Json, Scoped};
use tower::timeout::TimeoutLayer;
use tower::{Layer, Service};

type Notes = Arc<Mutex<Vec<String>>>;

/// Records each event on its way in and out, and passes the record on as an extension.
#[derive(Clone)]
struct Audit {
    name: &'static str,
    notes: Notes,
}

#[derive(Clone)]
struct AuditService<S> {
    audit: Audit,
    inner: S,
}

impl<S> Layer<S> for Audit {
    type Service = AuditService<S>;
    fn layer(&self, inner: S) -> AuditService<S> {
        AuditService {
            audit: self.clone(),
            inner,
        }
    }
}

impl<S> Service<Event> for AuditService<S>
where
    S: Service<Event, Response = Outcome, Future: Send + 'static>,
{
    type Response = Outcome;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Outcome, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut event: Event) -> Self::Future {
        let Audit { name, notes } = self.audit.clone();
        let route = event.route().map_or("none", |route| route.name);
        let tenant = event.metadata().one("x-tenant").unwrap().unwrap_or_default();
        let note = format!(
            "{name} in {} {} {} {route} {tenant}",
            event.kind(),
            event.target(),
            event.user()
        );
        notes.lock().unwrap().push(note.trim_end().to_owned());
        event.extensions_mut().insert(notes.clone());
        let inner = self.inner.call(event);
        Box::pin(async move {
            let outcome = inner.await?;
            let code = outcome.error().map_or(0, Error::code);
            notes.lock().unwrap().push(format!("{name} out {code}"));
            Ok(outcome)
        })
    }
}

/// Passes a limited number of events of each user.
#[derive(Clone)]
struct Limit(usize, Arc<Mutex<HashMap<String, usize>>>);

#[derive(Clone)]
struct LimitedService<S>(Limit, S);

impl<S> Layer<S> for Limit {
    type Service = LimitedService<S>;
    fn layer(&self, inner: S) -> LimitedService<S> {
        LimitedService(self.clone(), inner)
    }
}

impl<S> Service<Event> for LimitedService<S>
where
    S: Service<Event, Response = Outcome, Future: Send + 'static, Error: Send + 'static>,
{
    type Response = Outcome;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Outcome, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.1.poll_ready(cx)
    }

    fn call(&mut self, event: Event) -> Self::Future {
        let Limit(most, counts) = &self.0;
        let mut counts = counts.lock().unwrap();
        let count = counts.entry(event.user().to_owned()).or_default();
        *count += 1;
        if *count > *most {
            return Box::pin(async { Ok(Outcome::from(Error::too_many_requests())) });
        }
        Box::pin(self.1.call(event))
    }
}

fn note(event: &TypedEvent<impl EventKind>, text: &str) {
    event
        .extensions()
        .get::<Notes>()
        .unwrap()
        .lock()
        .unwrap()
        .push(text.into());
}

struct First;
struct Second;
struct ScopedValue;

impl<K: EventKind> FromEvent<K> for First {
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        note(event, "first argument");
        Extracted::Now(Ok(Self))
    }
}

impl<K: EventKind> FromEvent<K> for Second {
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        note(event, "second argument");
        Extracted::Now(Ok(Self))
    }
}

#[centrifugo::scoped]
async fn scoped_value(notes: Extension<Notes>) -> ScopedValue {
    notes.lock().unwrap().push("scoped value".into());
    ScopedValue
}

#[centrifugo::rpc("order")]
fn order(_scoped: Scoped<ScopedValue>, _first: First, _second: Second, notes: Extension<Notes>) {
    notes.lock().unwrap().push("handler".into());
}

#[centrifugo::rpc("fails")]
fn fails() -> Result<(), Error> {
    Err(Error::custom::<1000>("no"))
}

#[centrifugo::rpc("slow")]
async fn slow() -> Json<u32> {
    tokio::time::sleep(Duration::from_secs(5)).await;
    Json(1)
}

#[tokio::test]
async fn runs_layers_arguments_and_scoped_functions_in_order() {
    let notes = Notes::default();
    let audit = |name| Audit {
        name,
        notes: notes.clone(),
    };
    let t = TestClient::builder()
        .layer(audit("outer"))
        .layer(audit("inner"))
        .build()
        .await
        .unwrap();
    let answer = t.rpc("order").user("42").header("X-Tenant", "acme").await;
    assert!(answer.result().is_some(), "{answer}");
    assert_eq!(
        *notes.lock().unwrap(),
        [
            "outer in rpc order 42 order acme",
            "inner in rpc order 42 order acme",
            "first argument",
            "second argument",
            "scoped value",
            "handler",
            "inner out 0",
            "outer out 0",
        ]
    );
    notes.lock().unwrap().clear();
    assert_eq!(t.rpc("fails").await.error().unwrap().code, 1000);
    assert_eq!(t.subscribe("nowhere").user("42").await.error().unwrap().code, 103);
    assert_eq!(
        *notes.lock().unwrap(),
        [
            "outer in rpc fails  fails",
            "inner in rpc fails  fails",
            "inner out 1000",
            "outer out 1000",
            "outer in subscribe nowhere 42 none",
            "inner in subscribe nowhere 42 none",
            "inner out 103",
            "outer out 103",
        ]
    );
}

#[tokio::test]
async fn answers_from_a_layer_without_the_handler() {
    let t = TestClient::builder()
        .layer(Limit(2, Arc::default()))
        .build()
        .await
        .unwrap();
    for _ in 0..2 {
        assert_eq!(t.rpc("fails").user("1").await.error().unwrap().code, 1000);
    }
    let answer = t.rpc("fails").user("1").await;
    assert_eq!(answer.client_sees(), "error 111: too many requests (temporary)");
    assert_eq!(t.rpc("fails").user("2").await.error().unwrap().code, 1000);
}

async fn records(event: Event, next: Next) -> Outcome {
    let notes = event.extensions().get::<Notes>();
    let note = |text: String| {
        if let Some(notes) = &notes {
            notes.lock().unwrap().push(text);
        }
    };
    note(format!("own layer of {}", event.target()));
    let outcome = next.run(event).await;
    note(format!("own layer sees {}", outcome.error().is_none()));
    outcome
}

async fn refuses_anonymous(event: Event, next: Next) -> Result<Outcome, Error> {
    if event.user().is_empty() {
        return Err(Error::unauthorized());
    }
    Ok(next.run(event).await)
}

async fn replaces_the_event(event: Event, next: Next) -> Outcome {
    let other = Event::new(Kind::Rpc, Metadata::default(), event.body().clone());
    next.run(other).await
}

#[centrifugo::rpc("own/{id}", layer = records)]
async fn with_own_layer(id: u32, notes: Extension<Notes>) -> Json<u32> {
    notes.lock().unwrap().push("handler".to_owned());
    Json(id)
}

#[centrifugo::rpc("members", layer = refuses_anonymous, blocking)]
fn members() -> Json<u32> {
    Json(7)
}

#[centrifugo::rpc("replaced", layer = replaces_the_event)]
fn replaced() {}

#[tokio::test]
async fn runs_the_layer_of_a_handler_inside_the_layers_of_the_program() {
    let notes = Notes::default();
    let audit = Audit {
        name: "outer",
        notes: notes.clone(),
    };
    let t = TestClient::builder().layer(audit).build().await.unwrap();
    assert_eq!(t.rpc("own/7").await.json::<u32>().unwrap(), 7);
    let inner: Vec<_> = notes.lock().unwrap().clone();
    let position = |text: &str| {
        inner
            .iter()
            .position(|note| note.contains(text))
            .unwrap_or(usize::MAX)
    };
    let order = ["outer", "own layer of own/7", "handler", "own layer sees true"].map(position);
    assert!(order.is_sorted() && order[3] + 1 < inner.len(), "{inner:?}");
}

#[tokio::test]
async fn runs_the_layer_of_a_handler_without_other_layers() {
    let t = TestClient::builder().build().await.unwrap();
    assert_eq!(t.rpc("members").user("ann").await.json::<u32>().unwrap(), 7);
    assert_eq!(t.rpc("members").await.client_sees(), "error 101: unauthorized");
    // The layer of one handler sees no other event.
    assert_eq!(t.rpc("none").await.client_sees(), "error 104: method not found");
}

#[tokio::test]
async fn answers_with_an_internal_error_when_a_layer_passes_on_another_event() {
    let t = TestClient::builder().build().await.unwrap();
    let answer = t.rpc("replaced").await;
    assert_eq!(
        answer.client_sees(),
        "error 100: internal server error (temporary)"
    );
}

#[tokio::test]
async fn accepts_layers_of_the_tower_crate() {
    let t = TestClient::builder()
        .layer(TimeoutLayer::new(Duration::from_millis(20)))
        .build()
        .await
        .unwrap();
    // The error type is unknown to the crate, so it is an internal error.
    assert_eq!(
        t.rpc("slow").await.client_sees(),
        "error 100: internal server error (temporary)"
    );
    assert_eq!(t.rpc("fails").await.error().unwrap().code, 1000);
}

#[tokio::test]
async fn answers_with_an_internal_error_when_a_layer_panics() {
    let t = TestClient::builder().layer(PanickingLayer).build().await.unwrap();
    assert_eq!(
        t.connect().await.client_sees(),
        "error 100: internal server error (temporary)"
    );
    assert_eq!(t.rpc("fails").await.client_sees(), "error 1001: changed");
}

/// PanickingService on each connect, and replaces error code 1000 of other events by 1001.
#[derive(Clone)]
struct PanickingLayer;

impl Layer<Next> for PanickingLayer {
    type Service = PanickingService;
    fn layer(&self, inner: Next) -> PanickingService {
        PanickingService(inner)
    }
}

#[derive(Clone)]
struct PanickingService(Next);

impl Service<Event> for PanickingService {
    type Response = Outcome;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Outcome, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: Event) -> Self::Future {
        assert!(event.kind() != Kind::Connect, "a secret of the layer");
        let inner = self.0.call(event);
        Box::pin(async move {
            match inner.await {
                Ok(Outcome::Error(error)) if error.code() == 1000 => Err(Error::custom::<1001>("changed")),
                Ok(outcome) => Ok(outcome),
                Err(never) => match never {},
            }
        })
    }
}
