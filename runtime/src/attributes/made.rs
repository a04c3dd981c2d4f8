//! Documentation of the attributes for states, scoped values and shutdown functions.

/// Registers a function that creates a shared value before the first event.
///
/// Handlers take the value as [`State<T>`](struct@crate::State). It is dropped after the last event.
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
/// // A state function can take other states.
/// #[centrifugo::state]
/// async fn names(State(config): State<Config>) -> Names {
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
/// // A value from the test replaces the function, which then does not run.
/// let t = TestClient::builder().state(Names(HashMap::new())).build().await?;
/// assert_eq!(t.rpc("name/1").await.json::<Option<String>>()?, None);
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - `crate = path`: the path of the `centrifugo` crate, if the dependency is renamed.
///
/// # Function arguments
///
/// Other states, as [`State`](struct@crate::State), and [`Api`](struct@crate::Api). A state is created after the states that it takes, and dropped
/// before them.
///
/// # Return value
///
/// The value, `T`, or `Result<T, E>` with any error type `E`. The attribute recognizes a result by the name `Result` in
/// the signature. `T` is `Send + Sync + 'static` and can be a type of another crate.
///
/// # Errors
///
/// The program does not start if a state function fails, if a state is missing, if two functions create the same type,
/// or if states depend on each other in a cycle. The start error lists all such problems with their file and line.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// There is one state per type. Wrap a second value of the same type in a newtype.
pub use centrifugo_macros::state;

/// Registers a function that creates a value for a single event, on first use.
///
/// Handlers and other scoped functions take the value as [`Scoped<T>`](crate::Scoped). The function runs at most once
/// per event, and not at all if nothing takes the value.
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
/// #[centrifugo::publish(channel = "chat:*")]
/// fn say(Scoped(member): Scoped<Member>) -> reply::Publish {
///     reply::Publish::allow().tag("by", &member.name)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("name").user("42").await.json::<String>()?, "Ann");
/// // An error of the function is the answer to the event.
/// assert_eq!(t.publish("chat:1").user("7").await.client_sees(), "error 103: permission denied");
///
/// // A value from the test replaces the function, which then does not run.
/// let t = TestClient::builder().scoped(Member { name: "Guest".to_owned() }).build().await?;
/// assert_eq!(t.rpc("name").await.json::<String>()?, "Guest");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - `crate = path`: the path of the `centrifugo` crate, if the dependency is renamed.
///
/// # Function arguments
///
/// Extractors, including other scoped values. A handler can take the scoped value only if its event offers all these
/// extractors. For example, a connect handler with `Scoped<Member>` from above does not compile, since a connect event
/// has no [`UserId`](crate::UserId).
///
/// # Return value
///
/// The value, `T`, or `Result<T, E>` where `E` is [`Error`](crate::Error) or derives
/// [`ReplyError`](trait@crate::ReplyError). The attribute recognizes a result by the name `Result` in the signature.
/// `T` is `Send + Sync + 'static`.
///
/// # Types of other crates
///
/// The attribute implements the trait [`MakeScoped`](crate::extract::MakeScoped) for `T`, and Rust allows this only for
/// a type of the crate that contains the function. For a type of another crate, such as a database transaction, rustc
/// reports E0210 ("type parameter `K` must be used as the type parameter for some local type") or E0117. Wrap the type
/// in a newtype of your own crate:
///
/// ```standalone_crate
/// use std::ops::Deref;
/// use std::time::Instant;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, Scoped};
///
/// struct Started(Instant);
///
/// impl Deref for Started {
///     type Target = Instant;
///     fn deref(&self) -> &Instant {
///         &self.0
///     }
/// }
///
/// #[centrifugo::scoped]
/// fn started() -> Started {
///     Started(Instant::now())
/// }
///
/// #[centrifugo::rpc("elapsed")]
/// fn elapsed(Scoped(started): Scoped<Started>) -> Json<u128> {
///     Json(started.elapsed().as_micros())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.rpc("elapsed").await.json::<u128>()? < 10_000_000);
/// # Ok(())
/// # }
/// ```
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// - There can be one function per type. If a second function returns the same type, rustc reports E0119.
/// - A `{name}` of the pattern cannot be an argument. Take [`Channel`](crate::Channel) or [`Method`](crate::Method)
///   instead.
/// - The time limit of the handler includes the time of its scoped functions.
pub use centrifugo_macros::scoped;

/// Registers a function that runs once when the program ends.
///
/// It runs after the last event and before the states are dropped.
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
/// async fn flush(State(journal): State<Journal>) {
///     journal.flush().await;
/// }
/// # fn main() {}
/// ```
///
/// # Attribute arguments
///
/// - `crate = path`: the path of the `centrifugo` crate, if the dependency is renamed.
///
/// # Function arguments
///
/// States, as [`State`](struct@crate::State), and [`Api`](struct@crate::Api).
///
/// # Return value
///
/// `()`. Log errors in the function.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// - The functions run one after another, in the order of their file and line, each on a thread of its own where it may
///   block.
/// - All functions together have 6 s, or less if the events under way took long to end. After a function that takes all of this time,
///   each of the others ends at its first wait. While one still blocks its thread, the states are not dropped. A panic ends only its
///   own function.
/// - The whole shutdown takes at most 8 s, including the events under way, because RoadRunner kills a worker after
///   10 s.
/// - Do not put final work after `serve()` in `main`: under RoadRunner, a signal that arrives between two events ends the process
///   without returning from `serve()`.
pub use centrifugo_macros::shutdown;
