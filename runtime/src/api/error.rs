//! Why a call failed, and whether it may have been carried out.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use centrifugo_proto::api as proto;

use crate::error::ReplyError;

/// Why a call of the server API gave no result.
///
/// In a handler, `?` makes it an internal error: the client sees code 100, the log has the text.
///
/// ```
/// use centrifugo::api::{Client, Delivery};
///
/// async fn greet(api: Client) {
///     match api.publish("news", &"hello").await {
///         Ok(published) => println!("at offset {}", published.offset),
///         Err(error) if error.delivery() == Delivery::Unknown => println!("it may be there: {error}"),
///         Err(error) => println!("it is not there: {error}"),
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    delivery: Delivery,
    again: bool,
    method: &'static str,
    code: Option<u32>,
    text: Cow<'static, str>,
}

/// What went wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Centrifugo answered with an error: it has a code.
    Answered,
    /// There was no connection within the time limit.
    NotConnected,
    /// The connection was lost while the call was under way.
    Lost,
    /// No answer within the time limit, or no turn to be sent while many other calls were under way.
    TimedOut,
    /// The answer is longer than allowed.
    TooLarge,
    /// This transport or this Centrifugo does not offer the method.
    Unsupported,
    /// The peer refused the call before Centrifugo looked at it: a wrong key, for one.
    Refused,
    /// The answer can't be read.
    Unreadable,
    /// The call or the client's settings can't be used as they are.
    Invalid,
}

/// Whether a call that failed was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// It never reached Centrifugo: it is safe to repeat.
    NotSent,
    /// It was refused: nothing was carried out. The same call will be refused again, unless the error
    /// [is temporary](Error::is_temporary).
    Refused,
    /// It may have been carried out.
    Unknown,
}

impl Error {
    fn new(
        kind: ErrorKind,
        delivery: Delivery,
        again: bool,
        method: &'static str,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            kind,
            delivery,
            again,
            method,
            code: None,
            text: text.into(),
        }
    }

    pub(crate) fn answered(method: &'static str, error: proto::Error) -> Self {
        // An internal error may come after the work: a broker that did not say so in time, for one.
        let delivery = match error.code {
            100 => Delivery::Unknown,
            _ => Delivery::Refused,
        };
        let is_temporary = matches!(error.code, 100 | 111);
        Self {
            code: Some(error.code),
            ..Self::new(ErrorKind::Answered, delivery, is_temporary, method, error.message)
        }
    }

    pub(crate) fn invalid(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Invalid, Delivery::NotSent, false, "", text)
    }

    pub(crate) fn not_connected(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::NotConnected, Delivery::NotSent, true, "", text)
    }

    pub(crate) fn lost(sent: bool, text: impl Into<Cow<'static, str>>) -> Self {
        let delivery = if sent {
            Delivery::Unknown
        } else {
            Delivery::NotSent
        };
        Self::new(ErrorKind::Lost, delivery, true, "", text)
    }

    pub(crate) fn timed_out(sent: bool, text: impl Into<Cow<'static, str>>) -> Self {
        let delivery = if sent {
            Delivery::Unknown
        } else {
            Delivery::NotSent
        };
        Self::new(ErrorKind::TimedOut, delivery, false, "", text)
    }

    pub(crate) fn too_large(len: Option<u64>, limit: usize) -> Self {
        let text = match len {
            Some(len) => format!("the answer has {len} bytes, the limit is {limit}"),
            None => format!("the answer has more than {limit} bytes, the limit"),
        };
        Self::new(ErrorKind::TooLarge, Delivery::Unknown, false, "", text)
    }

    pub(crate) fn unsupported(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unsupported, Delivery::Refused, false, "", text)
    }

    pub(crate) fn refused(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Refused, Delivery::Refused, false, "", text)
    }

    /// The peer refused the call for now.
    pub(crate) fn throttled(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Refused, Delivery::Refused, true, "", text)
    }

    pub(crate) fn unreadable(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unreadable, Delivery::Unknown, false, "", text)
    }

    pub(crate) fn of(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// An earlier attempt of the same call may have been carried out.
    pub(crate) fn after_unknown(mut self) -> Self {
        self.delivery = Delivery::Unknown;
        self
    }

    /// Whether another attempt can end better.
    pub(crate) fn is_worth_another(&self, repeatable: bool) -> bool {
        self.again && (self.delivery == Delivery::NotSent || repeatable)
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the call was carried out.
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// The [code](https://centrifugal.dev/docs/server/server_api#error) that Centrifugo answered with.
    pub fn code(&self) -> Option<u32> {
        self.code
    }

    /// The message that Centrifugo answered with, or what else there is to say.
    pub fn message(&self) -> &str {
        &self.text
    }

    /// The method that was called, as Centrifugo's schema has it; empty for an error of the client's settings.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Whether the same call may succeed later: Centrifugo's internal error (100), too many requests (111, or HTTP status
    /// 429), a lost or missing connection, a time limit. Whether it is safe to repeat is what [`Error::delivery`] says.
    pub fn is_temporary(&self) -> bool {
        match self.kind {
            ErrorKind::NotConnected | ErrorKind::Lost | ErrorKind::TimedOut => true,
            _ => self.again,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.method.is_empty() {
            write!(f, "`{}`: ", self.method)?;
        }
        if let Some(code) = self.code {
            write!(f, "error {code}: ")?;
        }
        f.write_str(&self.text)?;
        match (self.kind, self.delivery) {
            (ErrorKind::Invalid, _) | (_, Delivery::Refused) => Ok(()),
            (_, Delivery::NotSent) => f.write_str(" (it was not sent)"),
            (_, Delivery::Unknown) => f.write_str(" (it may have been carried out)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}, {self})", self.kind)
    }
}

impl StdError for Error {}

impl ReplyError for Error {
    fn into_error(self) -> crate::Error {
        crate::Error::internal(self)
    }
}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        Self::internal(error)
    }
}

/// An error with its causes, on one line of bounded length.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    clip(&text)
}

/// What a peer says, on one line of bounded length.
pub(crate) fn clip(text: &str) -> String {
    let mut clipped: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(500)
        .collect();
    if clipped.len() < text.len() {
        clipped.push_str(" …");
    }
    clipped
}
