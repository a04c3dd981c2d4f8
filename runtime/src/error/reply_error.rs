//! Error types that handlers can return.

use super::error::{BoxError, Error};
#[cfg(feature = "schema")]
use super::error_info::ErrorInfo;

/// An error type that handlers can return.
///
/// Derive it with [`ReplyError`](derive@crate::ReplyError), or return [`Error`] itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the error of a handler",
    label = "does not say what the client gets",
    note = "derive `centrifugo::ReplyError`, return `centrifugo::Error`, or use `.internal()?` of `ResultExt`"
)]
pub trait ReplyError {
    /// Converts the error into what the client gets.
    fn into_error(self) -> Error;

    #[cfg(feature = "schema")]
    #[doc(hidden)]
    const INFO: Option<&'static ErrorInfo> = None;
}

impl ReplyError for Error {
    fn into_error(self) -> Error {
        self
    }
}

/// Converts the error of a `Result` into an internal error.
///
/// ```
/// use centrifugo::ResultExt;
///
/// fn parse(text: &str) -> Result<u32, centrifugo::Error> {
///     text.parse::<u32>().internal()
/// }
/// assert_eq!(parse("x").unwrap_err().code(), 100);
/// ```
pub trait ResultExt<T> {
    /// Converts any error into an internal one: the client sees code 100, and the log has the whole chain of sources.
    ///
    /// # Errors
    ///
    /// Fails if the result is an error.
    fn internal(self) -> Result<T, Error>;
}

impl<T, E: Into<BoxError>> ResultExt<T> for Result<T, E> {
    fn internal(self) -> Result<T, Error> {
        self.map_err(Error::internal)
    }
}
