//! The error that a handler returns instead of a reply.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::code::{Code, CustomDisconnectCode, CustomErrorCode};
use super::malformed_message::MalformedMessage;
use crate::logging::{chain, clip as clip_for_log};

/// A boxed error of any kind.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// An error for the client, a disconnect, or an internal error whose text stays in the log.
///
/// Codes and limits are those of [Centrifugo's protocol](https://centrifugal.dev/docs/server/codes).
///
/// ```
/// use centrifugo::Error;
///
/// let full = Error::custom::<1001>("the room is full").temporary();
/// assert_eq!(full.to_string(), "error 1001: the room is full");
/// let banned = Error::disconnect::<4501>("banned");
/// assert_eq!(banned.to_string(), "disconnect 4501: banned");
/// ```
#[derive(Clone)]
pub struct Error {
    pub(crate) seen: Seen,
    // Shared, because several arguments may get the error of one scoped value.
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What the client gets of an error.
#[derive(Clone)]
pub(crate) enum Seen {
    Error {
        code: u32,
        message: Cow<'static, str>,
        temporary: bool,
    },
    Disconnect {
        code: u32,
        reason: Cow<'static, str>,
    },
    /// Code 100, and nothing of the source of the error.
    Internal,
}

impl From<Seen> for Error {
    fn from(seen: Seen) -> Self {
        Self { seen, source: None }
    }
}

macro_rules! built_in {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal, $temporary:literal;)*) => {$(
        $(#[$doc])*
        pub fn $name() -> Self {
            Seen::Error { code: $code, message: Cow::Borrowed($text), temporary: $temporary }.into()
        }
    )*};
}

impl Error {
    /// Creates an error with a code of the application's own: 400 to 1999. Another code does not compile.
    ///
    /// ```compile_fail
    /// centrifugo::Error::custom::<2000>("too high");
    /// ```
    pub fn custom<const CODE: u32>(message: impl Into<Cow<'static, str>>) -> Self
    where
        Code<CODE>: CustomErrorCode,
    {
        let message = message.into();
        Seen::Error {
            code: CODE,
            message,
            temporary: false,
        }
        .into()
    }

    /// Creates a disconnect, which closes the connection.
    ///
    /// The client reconnects after codes 4000 to 4499, and does not after 4500 to 4999. Centrifugo accepts a reason of at
    /// most 32 bytes of ASCII, so a longer one is cut.
    ///
    /// ```compile_fail
    /// centrifugo::Error::disconnect::<3000>("not ours");
    /// ```
    pub fn disconnect<const CODE: u32>(reason: impl Into<Cow<'static, str>>) -> Self
    where
        Code<CODE>: CustomDisconnectCode,
    {
        let mut reason = reason.into();
        let clipped = clip(&reason);
        if clipped.len() != reason.len() {
            tracing::warn!(target: "centrifugo", code = CODE, reason = ?clip_for_log(&reason), "disconnect reason cut to 32 bytes of ASCII");
            reason = Cow::Owned(clipped);
        }
        Seen::Disconnect { code: CODE, reason }.into()
    }

    /// Creates an internal error: the client sees code 100 and nothing else, and the log has the whole chain of sources.
    pub fn internal(source: impl Into<BoxError>) -> Self {
        Self::from(Seen::Internal).with_source(source)
    }

    /// Marks the error as temporary, so that the client may try again. Disconnects and internal errors do not change.
    pub fn temporary(mut self) -> Self {
        if let Seen::Error { temporary, .. } = &mut self.seen {
            *temporary = true;
        }
        self
    }

    /// Sets the source of the error, which replaces the previous one.
    ///
    /// The log shows the whole chain of sources, and [`source`](StdError::source) returns it. The client never sees it.
    ///
    /// ```
    /// use centrifugo::Error;
    ///
    /// fn room(id: &str) -> Result<u32, Error> {
    ///     id.parse::<u32>().map_err(|error| Error::custom::<404>("no such room").with_source(error))
    /// }
    /// assert_eq!(room("x").unwrap_err().to_string(), "error 404: no such room");
    /// ```
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into().into());
        self
    }

    /// Returns the code that the client sees.
    pub fn code(&self) -> u32 {
        match &self.seen {
            Seen::Error { code, .. } | Seen::Disconnect { code, .. } => *code,
            Seen::Internal => 100,
        }
    }

    /// Returns whether the client may try again.
    pub fn is_temporary(&self) -> bool {
        match &self.seen {
            Seen::Error { temporary, .. } => *temporary,
            Seen::Disconnect { .. } => false,
            Seen::Internal => true,
        }
    }

    /// Returns whether the error closes the connection.
    pub fn is_disconnect(&self) -> bool {
        matches!(self.seen, Seen::Disconnect { .. })
    }

    /// Returns whether this is an internal error.
    pub fn is_internal(&self) -> bool {
        matches!(self.seen, Seen::Internal)
    }

    built_in! {
        /// Creates error 101: the connection has no user, or the wrong one.
        unauthorized = 101, "unauthorized", false;
        /// Creates error 102: the channel does not exist.
        unknown_channel = 102, "unknown channel", false;
        /// Creates error 103: the user may not do this.
        permission_denied = 103, "permission denied", false;
        /// Creates error 104: the method does not exist.
        method_not_found = 104, "method not found", false;
        /// Creates error 105: the client has this subscription already.
        already_subscribed = 105, "already subscribed", false;
        /// Creates error 106: a limit is exceeded.
        limit_exceeded = 106, "limit exceeded", false;
        /// Creates error 107: the request is malformed.
        bad_request = 107, "bad request", false;
        /// Creates error 108: the feature is not available.
        not_available = 108, "not available", false;
        /// Creates error 109: the token has expired.
        token_expired = 109, "token expired", false;
        /// Creates error 110: the connection or the subscription has expired.
        expired = 110, "expired", false;
        /// Creates error 111: too many requests; temporary.
        too_many_requests = 111, "too many requests", true;
        /// Creates error 112: the position in the stream can't be recovered.
        unrecoverable_position = 112, "unrecoverable position", false;
        /// Creates error 113: another pagination of this client is in progress; temporary.
        concurrent_pagination = 113, "concurrent pagination", true;
    }
}

impl Error {
    /// Creates error 107 for a malformed message of a client; the reason is for the log.
    pub(crate) fn malformed(reason: impl fmt::Display) -> Self {
        Self::bad_request().with_source(MalformedMessage(reason.to_string()))
    }
}

/// Returns the first 32 printable ASCII characters of `reason`.
fn clip(reason: &str) -> String {
    reason
        .chars()
        .filter(|c| c.is_ascii() && !c.is_ascii_control())
        .take(32)
        .collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.seen {
            Seen::Error { code, message, .. } => write!(f, "error {code}: {message}"),
            Seen::Disconnect { code, reason } => write!(f, "disconnect {code}: {reason}"),
            Seen::Internal => f.write_str("internal error"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({})", chain(self))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&**self.source.as_ref()?)
    }
}
