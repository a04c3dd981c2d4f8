//! The arguments that named wildcards of patterns bind to.

use std::any::TypeId;
use std::fmt::Display;
use std::num;
use std::str::FromStr;

/// A type that a `{name}` of a pattern can bind to.
///
/// Every [`FromStr`] type whose error implements [`Display`] implements it. Derive
/// [`FromParam`](derive@crate::FromParam) for a newtype of such a type.
///
/// If the text does not parse, a channel event is answered with error 102 (unknown channel), and an rpc with error 104
/// (method not found). Only the log has the reason. No other handler is tried. The text of a name is never empty, so
/// there is no `Option` of a bound value.
///
/// # Integers
///
/// Integers are accepted in their canonical form only: `5` parses, while `05`, `+5` and `-0` do not. Otherwise `room:5`
/// and `room:05` would be two channels of Centrifugo, but one room of the handler. If a type of your own parses several
/// texts to the same value, its `FromStr` should accept only one of them.
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
/// assert_eq!(t.rpc("sell/03").await.client_sees(), "error 104: method not found");
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be bound to a name of a pattern",
    note = "implement `FromStr` for it, or derive `FromParam` for a newtype of such a type"
)]
pub trait FromParam: Sized {
    /// Parses the text that the name matched.
    ///
    /// # Errors
    ///
    /// Returns the reason why the text does not parse, for the log.
    fn from_param(text: &str) -> Result<Self, String>;
}

impl<T: FromStr<Err: Display> + 'static> FromParam for T {
    fn from_param(text: &str) -> Result<Self, String> {
        let value = text.parse().map_err(|error: T::Err| error.to_string())?;
        // The text is checked first, because this check is cheaper and nearly always succeeds.
        if !is_canonical_integer(text) && is_integer::<T>() {
            return Err("an integer has no plus sign, no leading zero and no negative zero".to_owned());
        }
        Ok(value)
    }
}

/// Returns whether a text that parses as an integer is in the form in which the integer is printed.
fn is_canonical_integer(text: &str) -> bool {
    !matches!(text.as_bytes(), [b'+', ..] | [b'-', b'0', ..] | [b'0', _, ..])
}

/// Returns whether `T` is an integer of the standard library.
///
/// [`FromParam`] has one implementation for all `FromStr` types, so integers are recognized by their type ids.
fn is_integer<T: 'static>() -> bool {
    macro_rules! ids {
        ($($integer:ty)*) => { [$(TypeId::of::<$integer>(), TypeId::of::<num::NonZero<$integer>>()),*] };
    }
    ids!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize).contains(&TypeId::of::<T>())
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU8;

    use super::*;

    #[test]
    fn accepts_integers_in_canonical_form_only() {
        for text in ["0", "5", "-5", "10", "-128", "127"] {
            assert_eq!(
                i8::from_param(text).map(|value| value.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in ["05", "+5", "-0", "00", "-05", "+0", "", "-", "128", " 5", "5 "] {
            assert!(i8::from_param(text).is_err(), "{text}");
        }
        assert!(u64::from_param("007").is_err() && usize::from_param("+7").is_err());
        assert!(NonZeroU8::from_param("7").is_ok() && NonZeroU8::from_param("07").is_err());
    }

    #[test]
    fn accepts_other_types_in_any_form_that_they_parse() {
        for text in ["05", "+5", "-0"] {
            assert_eq!(String::from_param(text).as_deref(), Ok(text));
            assert!(f64::from_param(text).is_ok());
        }
    }
}
