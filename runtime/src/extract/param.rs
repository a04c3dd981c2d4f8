//! What stands for a named wildcard of a pattern.

use std::fmt::Display;
use std::str::FromStr;

/// A type that a `{name}` of a pattern can bind to: every `FromStr` whose error has a text, and newtypes that derive
/// [`FromParam`](derive@crate::FromParam).
///
/// Text that does not parse is answered 102 «unknown channel», for an rpc 104 «method not found»; why is in the log
/// only. No second handler is tried. A name always stands for one character at least, so there is no `Option` of it.
///
/// ```standalone_crate
/// use std::str::FromStr;
/// use centrifugo::testing::TestClient;
/// use centrifugo::Json;
///
/// enum Side {
///     Buy,
///     Sell,
/// }
///
/// impl FromStr for Side {
///     type Err = &'static str;
///     fn from_str(text: &str) -> Result<Self, Self::Err> {
///         match text {
///             "buy" => Ok(Self::Buy),
///             "sell" => Ok(Self::Sell),
///             _ => Err("neither `buy` nor `sell`"),
///         }
///     }
/// }
///
/// #[centrifugo::rpc("{side}/{lots}")]
/// fn order(side: Side, lots: u32) -> Json<i64> {
///     Json(if let Side::Buy = side { lots.into() } else { -i64::from(lots) })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("sell/3").await.json::<i64>()?, -3);
/// assert_eq!(t.rpc("hold/3").await.client_sees(), "error 104: method not found");
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be bound to a name of a pattern",
    note = "implement `FromStr` for it"
)]
pub trait FromParam: Sized {
    /// Reads the text that the name stands for.
    ///
    /// # Errors
    ///
    /// Why it does not parse, for the log.
    fn from_param(text: &str) -> Result<Self, String>;
}

impl<T: FromStr<Err: Display>> FromParam for T {
    fn from_param(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: T::Err| error.to_string())
    }
}
