//! Application data as JSON.

use std::fmt;
use std::ops::Deref;

use serde::de::DeserializeOwned;

use super::{Data, Extracted, FromEvent};
use crate::error::Error;
use crate::event::{HasData, TypedEvent};

/// Application data as JSON, in connect, subscribe, publish and rpc events; and the answer to an rpc.
///
/// Data of another shape is answered 107 «bad request»: where it is wrong, and how, is in the log only. No data at all
/// is of another shape too. `Option<Json<T>>` is `None` where there is no data, and fails all the same where it is
/// broken; `Result<Json<T>, Error>` shows the failure to the handler, and as its source where it is wrong.
///
/// As a reply, a value that can't be serialized is an internal error. Numbers keep their precision, and `{}` stays an
/// object: what serde writes is what the client gets.
///
/// ```standalone_crate
/// # use centrifugo::testing::TestClient;
/// use centrifugo::Json;
///
/// #[derive(serde::Deserialize)]
/// struct Sum {
///     of: Vec<i64>,
/// }
///
/// #[centrifugo::rpc("sum")]
/// fn sum(Json(sum): Json<Sum>) -> Json<i64> {
///     Json(sum.of.iter().sum())
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("sum").data(r#"{"of":[1,2]}"#).await.json::<i64>()?, 3);
/// let answer = t.rpc("sum").data(r#"{"of":[1,"2"]}"#).await;
/// assert_eq!(answer.client_sees(), "error 107: bad request");
/// assert!(answer.source().is_some_and(|source| source.starts_with("at `of[1]`: invalid type")));
/// # Ok(())
/// # })
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<K: HasData, T: DeserializeOwned> FromEvent<K> for Json<T> {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Data::of(event).and_then(|data| {
            parse(&data)
                .map(Json)
                .map_err(|error| Error::bad_request().with_source(error))
        }))
    }
}

/// Why JSON is of another shape, and where.
#[derive(Debug)]
pub(super) struct ShapeError {
    path: String,
    source: serde_json::Error,
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "." => write!(f, "{}", self.source),
            path => write!(f, "at `{path}`: {}", self.source),
        }
    }
}

impl std::error::Error for ShapeError {}

/// Reads JSON; only what fails pays for the search of its path.
pub(super) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, ShapeError> {
    serde_json::from_slice(json).map_err(|source| {
        let again = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(json));
        let path = again
            .err()
            .map_or_else(|| ".".to_owned(), |error| error.path().to_string());
        ShapeError { path, source }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_path_is_named() {
        let error = parse::<BTreeMap<String, Vec<u8>>>(br#"{"a":[1,2,"x"]}"#).unwrap_err();
        assert_eq!(
            error.to_string(),
            "at `a[2]`: invalid type: string \"x\", expected u8 at line 1 column 13"
        );
        let error = parse::<u8>(b"").unwrap_err();
        assert_eq!(error.to_string(), "EOF while parsing a value at line 1 column 0");
        let error = parse::<u8>(b"1 2").unwrap_err();
        assert_eq!(error.to_string(), "trailing characters at line 1 column 3");
    }
}
