//! Values that `#[scoped]` functions make, once per event.

use std::any::TypeId;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::Error;
use crate::event::EventKind;
use crate::handler::{AnyState, Extracted, FromEvent, StateNeed, TypedEvent};

/// A value that a [`#[scoped]`](crate::scoped) function makes for one event: at most once, however many arguments and
/// other scoped functions ask for it. Derefs to `T`.
///
/// When the function fails, its error is the event's answer; `Result<Scoped<T>, Error>` shows it to the handler
/// instead. A scoped value is never absent, so there is no `Option<Scoped<T>>`. It is made after the handler's other
/// arguments were taken.
///
/// ```standalone_crate
/// # use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json, Scoped, UserId};
///
/// struct Member {
///     name: String,
/// }
///
/// #[centrifugo::scoped]
/// async fn member(user: UserId) -> Result<Member, Error> {
///     match &*user {
///         "42" => Ok(Member { name: "Ann".to_owned() }),
///         _ => Err(Error::permission_denied()),
///     }
/// }
///
/// #[centrifugo::rpc("name")]
/// fn name(member: Scoped<Member>) -> Json<String> {
///     Json(member.name.clone())
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("name").user("42").await.json::<String>()?, "Ann");
/// assert_eq!(t.rpc("name").user("43").await.error().map(|error| error.code), Some(103));
/// # Ok(())
/// # })
/// # }
/// ```
#[derive(Debug)]
pub struct Scoped<T> {
    // Not a tuple: `.0` must reach that of `T`.
    inner: Arc<T>,
}

shared!(Scoped);

/// The making of a scoped value.
pub type Making<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A type that a `#[scoped]` function makes for events of kind `K`: those that have what its arguments ask for.
/// The attribute implements it.
#[diagnostic::on_unimplemented(
    message = "nothing makes a `{Self}` for a `{K}` event",
    label = "no `#[scoped]` function returns it",
    note = "write a `#[scoped]` function that returns it, with arguments that the event has"
)]
pub trait MakeScoped<K: EventKind>: Send + Sync + Sized + 'static {
    /// The states that the function needs.
    const STATES: &'static [StateNeed];

    /// Calls the function.
    fn make(event: &TypedEvent<K>) -> Making<'_, Self>;
}

impl<K: EventKind, T: MakeScoped<K>> FromEvent<K> for Scoped<T> {
    const STATES: &'static [StateNeed] = T::STATES;

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        if let Some(inner) = event.states().given_scoped() {
            return Extracted::Now(Ok(Self { inner }));
        }
        Extracted::Later(Box::pin(async {
            let cell = event.scoped().cell(TypeId::of::<T>());
            let made = cell
                .get_or_init(|| async { T::make(event).await.map(|value| Arc::new(value) as AnyState) })
                .await
                .clone()?;
            made.downcast()
                .map(|inner| Self { inner })
                .map_err(|_| Error::internal("a scoped value is of another type"))
        }))
    }
}
