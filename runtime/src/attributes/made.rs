//! Attributes of functions that make values, and of those that run at the end.

/// Makes a value that lives as long as the program: built before the first event is taken, dropped after the last.
///
/// # Example
///
/// ```standalone_crate
/// use std::collections::HashMap;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, State};
///
/// struct Config {
///     greeting: String,
/// }
///
/// struct Names(HashMap<u32, String>);
///
/// #[centrifugo::state]
/// fn config() -> Result<Config, std::num::ParseIntError> {
///     let times: usize = "2".parse()?;
///     Ok(Config { greeting: "hello ".repeat(times) })
/// }
///
/// // A state may take others.
/// #[centrifugo::state]
/// async fn names(config: State<Config>) -> Names {
///     Names(HashMap::from([(1, format!("{}ann", config.greeting))]))
/// }
///
/// #[centrifugo::rpc("name/{id}")]
/// fn name(id: u32, State(names): State<Names>) -> Json<Option<String>> {
///     Json(names.0.get(&id).cloned())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("name/1").await.json::<String>()?, "hello hello ann");
///
/// // A value that is given takes the place of the function, which then does not run.
/// let t = TestClient::builder().state(Names(HashMap::new())).build().await?;
/// assert_eq!(t.rpc("name/1").await.json::<Option<String>>()?, None);
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - `crate = path`: where `centrifugo` is, for a renamed dependency.
///
/// # Function arguments
///
/// Other states, as [`State`](struct@crate::State): each is built after those that it takes, and dropped before them.
///
/// # Return value
///
/// The value, `T`, or `Result<T, E>`, told apart by the word `Result`; `E` is any error. `T` is `Send + Sync +
/// 'static`. It may be a type of another crate.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// One function for each type: wrap a second value of a type in a newtype. A state that fails, that is missing, or that
/// two functions make, and states that wait for each other, are errors at start, all named at once with their places.
pub use centrifugo_macros::state;

/// Makes a value for one event: at most once for each, and only when a handler or another scoped function asks for it.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json, Scoped, UserId, reply};
///
/// #[derive(Debug)]
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
/// #[centrifugo::publish(channel = "chat:*")]
/// fn say(member: Scoped<Member>) -> reply::Publish {
///     reply::Publish::allow().tag("by", &member.name)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("name").user("42").await.json::<String>()?, "Ann");
/// // The function's error is the event's answer.
/// assert_eq!(t.publish("chat:1").user("7").await.client_sees(), "error 103: permission denied");
///
/// // A test gives one, and the function does not run.
/// let t = TestClient::builder().scoped(Member { name: "Guest".to_owned() }).build().await?;
/// assert_eq!(t.rpc("name").await.json::<String>()?, "Guest");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - `crate = path`: where `centrifugo` is, for a renamed dependency.
///
/// # Function arguments
///
/// Extractors, other scoped values among them. A handler whose event lacks what they need can't take the value:
/// `Scoped<Member>` above in a connect handler does not compile, since a connect event has no
/// [`UserId`](crate::UserId).
///
/// # Return value
///
/// The value, `T`, or `Result<T, E>` where `E` derives [`ReplyError`](trait@crate::ReplyError), told apart by the word
/// `Result`; a type alias is taken by the name that is written. `T` is a type of your own crate, `Send + Sync + 'static`. Handlers share it: [`Scoped`](crate::Scoped)
/// derefs to it.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// It implements [`MakeScoped`](crate::extract::MakeScoped) for the type, so two functions for one type do not compile. The
/// handler's time limit covers it. No name of a pattern can be bound here: take [`Channel`](crate::Channel) or
/// [`Method`](crate::Method).
pub use centrifugo_macros::scoped;

/// Runs once at the end: after the last event, before the states are dropped.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::State;
///
/// struct Journal;
///
/// impl Journal {
///     async fn flush(&self) {}
/// }
///
/// #[centrifugo::state]
/// fn journal() -> Journal {
///     Journal
/// }
///
/// #[centrifugo::shutdown]
/// async fn flush(journal: State<Journal>) {
///     journal.flush().await;
/// }
/// # fn main() {}
/// ```
///
/// # Attribute arguments
///
/// - `crate = path`: where `centrifugo` is, for a renamed dependency.
///
/// # Function arguments
///
/// States, as [`State`](struct@crate::State).
///
/// # Return value
///
/// None: at the end there is nobody to tell.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// The functions run one after the other, in the order of their places, each on a thread of its own: one may block. One that
/// panics, or has not ended after 6 s, holds back neither the others nor the states. The whole end, events in hand included, has 8 s
/// at most, since RoadRunner kills a worker after 10. What must run at
/// the end belongs here, not after `serve()` in `main`: under RoadRunner's pipes a signal ends the process without
/// returning there.
pub use centrifugo_macros::shutdown;
