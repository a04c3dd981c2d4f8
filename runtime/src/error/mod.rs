//! Errors of handlers: what clients see, and what only the log shows.

mod code;
mod error;
#[cfg(feature = "schema")]
mod error_info;
mod handler_failure;
mod json_error;
mod malformed_message;
mod panic_text;
mod reply_error;

pub use code::{Code, CustomDisconnectCode, CustomErrorCode};
pub(crate) use error::Seen;
pub use error::{BoxError, Error};
#[cfg(feature = "schema")]
#[doc(hidden)]
pub use error_info::{ErrorAnswer, ErrorCase, ErrorDef, ErrorInfo, ErrorText};
pub(crate) use handler_failure::HandlerFailure;
pub(crate) use json_error::{describe, parse};
pub(crate) use malformed_message::MalformedMessage;
pub(crate) use panic_text::panic_text;
pub use reply_error::{ReplyError, ResultExt};

pub(crate) use crate::logging::chain;
