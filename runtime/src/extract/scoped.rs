//! The `Scoped` extractor: values that `#[scoped]` functions create once per event.

use std::any::TypeId;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::Error;
use crate::event::EventKind;
use crate::handler::{AnyState, Extracted, FromEvent, StateNeed, TypedEvent};
#[cfg(feature = "schema")]
use crate::schema::ArgumentTypes;

/// A value that a [`#[scoped]`](macro@crate::scoped) function creates for one event. Derefs to `T`.
///
/// The function runs at most once per event, even if several arguments and other scoped functions take the value. It
/// runs after the handler's other arguments were extracted. The public field is an `Arc<T>`: `Scoped(value): Scoped<T>`
/// destructures it.
///
/// If the function fails, its error is the answer to the event. `Result<Scoped<T>, Error>` passes the error to the
/// handler instead. A scoped value is never absent, so there is no `Option<Scoped<T>>`.
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
/// async fn member(UserId(id): UserId<u64>) -> Result<Member, Error> {
///     match id {
///         42 => Ok(Member { name: "Ann".to_owned() }),
///         _ => Err(Error::permission_denied()),
///     }
/// }
///
/// #[centrifugo::rpc("name")]
/// fn name(Scoped(member): Scoped<Member>) -> Json<String> {
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
///
/// # Types of other crates
///
/// A `#[scoped]` function can return only a type of its own crate. For a type of another crate, such as a database
/// transaction, rustc reports E0210 or E0117. Return a newtype instead: see
/// [the example](macro@crate::scoped#types-of-other-crates) in the docs of the attribute.
#[derive(Debug)]
pub struct Scoped<T>(pub Arc<T>);

shared_newtype!(Scoped);

/// The future of a scoped value.
pub type ScopedFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A type that a `#[scoped]` function creates for events of kind `K`. Only the attribute implements it.
///
/// It is implemented for the events that offer all arguments of the function.
#[diagnostic::on_unimplemented(
    message = "nothing makes a `{Self}` for a `{K}` event",
    label = "no `#[scoped]` function returns it",
    note = "write a `#[scoped]` function that returns it, with arguments that the event has"
)]
pub trait MakeScoped<K: EventKind>: Send + Sync + Sized + 'static {
    /// The states that the function needs.
    const STATES: &'static [StateNeed];

    /// The error of the function.
    #[cfg(feature = "schema")]
    #[doc(hidden)]
    const ERROR: Option<&'static crate::error::ErrorInfo> = None;

    /// Calls the function.
    fn make(event: &TypedEvent<K>) -> ScopedFuture<'_, Self>;
}

impl<K: EventKind, T: MakeScoped<K>> FromEvent<K> for Scoped<T> {
    const STATES: &'static [StateNeed] = T::STATES;
    #[cfg(feature = "schema")]
    const TYPES: ArgumentTypes = ArgumentTypes::failing(T::ERROR);

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        if let Some(value) = event.states().given_scoped() {
            return Extracted::Now(Ok(Self(value)));
        }
        Extracted::Later(Box::pin(async {
            let cell = event.scoped().cell(TypeId::of::<T>());
            let value = cell
                .get_or_init(|| async { T::make(event).await.map(|value| Arc::new(value) as AnyState) })
                .await
                .clone()?;
            value
                .downcast()
                .map(Self)
                .map_err(|_| Error::internal("a scoped value is of another type"))
        }))
    }
}
