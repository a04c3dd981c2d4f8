//! What a handler says instead of a reply.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::chain::chain;
use super::code::{Code, CustomDisconnectCode, CustomErrorCode};
use super::malformed_message::MalformedMessage;
use crate::logging::clip as clip_for_log;

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
    // Shared: several arguments may show the failure of one scoped value.
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What the client gets.
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
    /// Code 100, and nothing of the source.
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
    /// An error with a code of the application's own, 400 to 1999. Another code does not compile.
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

    /// Closes the connection: codes 4000 to 4499 let the client reconnect, 4500 to 4999 do not.
    /// Centrifugo takes a reason of at most 32 bytes of ASCII; a longer one is clipped.
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
            tracing::warn!(target: "centrifugo", code = CODE, reason = ?clip_for_log(&reason), "a disconnect reason is at most 32 bytes of ASCII: clipped");
            reason = Cow::Owned(clipped);
        }
        Seen::Disconnect { code: CODE, reason }.into()
    }

    /// An error that the client must not read: it sees code 100 and nothing else, the log has the whole chain.
    pub fn internal(source: impl Into<BoxError>) -> Self {
        Self::from(Seen::Internal).with_source(source)
    }

    /// The same error, marked as temporary: the client may try again. A disconnect and an internal error stay as they are.
    pub fn temporary(mut self) -> Self {
        if let Seen::Error { temporary, .. } = &mut self.seen {
            *temporary = true;
        }
        self
    }

    /// The same error, with what it comes from, in place of what it had: the log shows it, with the whole chain, and
    /// [`source`](StdError::source) gives it. The client never sees it.
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

    /// The code that the client sees.
    pub fn code(&self) -> u32 {
        match &self.seen {
            Seen::Error { code, .. } | Seen::Disconnect { code, .. } => *code,
            Seen::Internal => 100,
        }
    }

    /// Whether the client may try again.
    pub fn is_temporary(&self) -> bool {
        match &self.seen {
            Seen::Error { temporary, .. } => *temporary,
            Seen::Disconnect { .. } => false,
            Seen::Internal => true,
        }
    }

    /// Whether this closes the connection.
    pub fn is_disconnect(&self) -> bool {
        matches!(self.seen, Seen::Disconnect { .. })
    }

    /// Whether this is an internal error.
    pub fn is_internal(&self) -> bool {
        matches!(self.seen, Seen::Internal)
    }

    built_in! {
        /// 101: the connection has no user, or not the right one.
        unauthorized = 101, "unauthorized", false;
        /// 102: there is no such channel.
        unknown_channel = 102, "unknown channel", false;
        /// 103: the user may not do this.
        permission_denied = 103, "permission denied", false;
        /// 104: there is no such method.
        method_not_found = 104, "method not found", false;
        /// 105: the client has this subscription already.
        already_subscribed = 105, "already subscribed", false;
        /// 106: a limit is exceeded.
        limit_exceeded = 106, "limit exceeded", false;
        /// 107: the request can't be read.
        bad_request = 107, "bad request", false;
        /// 108: this is not available here.
        not_available = 108, "not available", false;
        /// 109: the token has expired.
        token_expired = 109, "token expired", false;
        /// 110: expired.
        expired = 110, "expired", false;
        /// 111: too many requests; temporary.
        too_many_requests = 111, "too many requests", true;
        /// 112: the position in the stream can't be recovered.
        unrecoverable_position = 112, "unrecoverable position", false;
        /// 113: a pagination of this client is under way; temporary.
        concurrent_pagination = 113, "concurrent pagination", true;
    }
}

impl Error {
    /// 107 for a message of a client that is malformed; the reason is for the log.
    pub(crate) fn malformed(reason: impl fmt::Display) -> Self {
        Self::bad_request().with_source(MalformedMessage(reason.to_string()))
    }
}

/// The first 32 bytes of `reason`, without what is not printable ASCII.
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
