//! The error of a call.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use centrifugo_proto::api as proto;

use super::call_target::CallTarget;
use crate::error::{self, ReplyError};

/// The error of a call of the server API.
///
/// Its text names the method, the channel or user, and the transport with its address: ``Publish to `nosuch:1`: error 102:
/// unknown channel (gRPC API at 127.0.0.1:10000)``.
///
/// In a handler, `?` turns it into an internal error: the client sees code 100, the log has the text.
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
pub struct Error(Box<Parts>);

#[derive(Clone)]
struct Parts {
    kind: ErrorKind,
    delivery: Delivery,
    again: bool,
    method: &'static str,
    target: CallTarget,
    /// The name and the address of the transport.
    transport: Option<Arc<str>>,
    code: Option<u32>,
    text: Cow<'static, str>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The cause of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Centrifugo answered with an error, which has a code.
    Answered,
    /// There was no connection within the time limit.
    NotConnected,
    /// The connection was lost while the call was under way.
    Lost,
    /// There was no answer within the time limit, or the call was not sent in time because too many calls were under way.
    TimedOut,
    /// The answer is longer than [`ClientBuilder::max_answer_len`](super::ClientBuilder::max_answer_len).
    TooLarge,
    /// This transport or this Centrifugo does not offer the method.
    Unsupported,
    /// The peer refused the call before Centrifugo processed it, for example because of a wrong key.
    Refused,
    /// The answer cannot be decoded.
    Unreadable,
    /// The call or the client's settings are invalid.
    Invalid,
}

/// Whether a failed call was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// The call never reached Centrifugo. Repeating it is safe.
    NotSent,
    /// The call was refused and not carried out. The same call will be refused again, unless the error
    /// [is temporary](Error::is_temporary).
    Refused,
    /// The call may have been carried out.
    Unknown,
}

impl ErrorKind {
    /// Returns the outcome of a call for the metrics.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Answered => "error",
            Self::NotConnected => "not_connected",
            Self::Lost => "lost",
            Self::TimedOut => "timeout",
            Self::TooLarge => "too_large",
            Self::Unsupported => "unsupported",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
            Self::Invalid => "invalid",
        }
    }
}

impl Delivery {
    /// Returns the delivery of a call for the metrics.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

impl Error {
    fn new(
        kind: ErrorKind,
        delivery: Delivery,
        again: bool,
        method: &'static str,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Parts {
            kind,
            delivery,
            again,
            method,
            target: CallTarget::None,
            transport: None,
            code: None,
            text: text.into(),
            source: None,
        }))
    }

    pub(crate) fn answered(method: &'static str, error: proto::Error) -> Self {
        // Centrifugo may report an internal error after the work is done, for example if a broker answers too late.
        let delivery = match error.code {
            100 => Delivery::Unknown,
            _ => Delivery::Refused,
        };
        let is_temporary = matches!(error.code, 100 | 111);
        let mut answered = Self::new(ErrorKind::Answered, delivery, is_temporary, method, error.message);
        answered.0.code = Some(error.code);
        answered
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

    pub(crate) fn with_method(mut self, method: &'static str) -> Self {
        self.0.method = method;
        self
    }

    pub(crate) fn with_target(mut self, target: &CallTarget) -> Self {
        self.0.target = target.clone();
        self
    }

    pub(crate) fn with_transport(mut self, transport: &dyn fmt::Debug) -> Self {
        self.0.transport = Some(format!("{transport:?}").into());
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Arc<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Notes that an earlier attempt of the same call may have been carried out.
    pub(crate) fn after_unknown(mut self) -> Self {
        self.0.delivery = Delivery::Unknown;
        self
    }

    /// Returns whether another attempt may succeed.
    pub(crate) fn is_worth_another(&self, repeatable: bool) -> bool {
        self.0.again && (self.0.delivery == Delivery::NotSent || repeatable)
    }

    /// Returns what went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns whether the call was carried out.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Returns the [code](https://centrifugal.dev/docs/server/server_api#error) that Centrifugo answered with.
    pub fn code(&self) -> Option<u32> {
        self.0.code
    }

    /// Returns the message of Centrifugo's answer, otherwise a description of the failure.
    pub fn message(&self) -> &str {
        &self.0.text
    }

    /// Returns the name of the method in Centrifugo's schema. It is empty for an error of the client's settings.
    pub fn method(&self) -> &'static str {
        self.0.method
    }

    /// Returns the channel, the user or the method that the call was about, if it was about a single one.
    pub fn target(&self) -> Option<&str> {
        self.0.target.name()
    }

    /// Returns whether the same call may succeed later.
    ///
    /// Temporary errors are Centrifugo's internal error (100), too many requests (111, or HTTP status 429), a lost or missing
    /// connection, and a timeout. [`Error::delivery`] tells whether repeating the call is safe.
    pub fn is_temporary(&self) -> bool {
        match self.0.kind {
            ErrorKind::NotConnected | ErrorKind::Lost | ErrorKind::TimedOut => true,
            _ => self.0.again,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.method.is_empty() {
            write!(f, "{}{}: ", self.0.method, self.0.target)?;
        }
        if let Some(code) = self.0.code {
            write!(f, "error {code}: ")?;
        }
        f.write_str(&self.0.text)?;
        // The text of most connection errors contains the transport already.
        let transport = self
            .0
            .transport
            .as_deref()
            .filter(|transport| !self.0.text.contains(transport));
        let delivery = match (self.0.kind, self.0.delivery) {
            (ErrorKind::Invalid, _) | (_, Delivery::Refused) => None,
            (_, Delivery::NotSent) => Some("it was not sent"),
            (_, Delivery::Unknown) => Some("it may have been carried out"),
        };
        match (transport, delivery) {
            (Some(transport), Some(delivery)) => write!(f, " ({transport}; {delivery})"),
            (Some(note), None) | (None, Some(note)) => write!(f, " ({note})"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}, {self})", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

impl ReplyError for Error {
    fn into_error(self) -> error::Error {
        error::Error::internal(self)
    }
}

impl From<Error> for error::Error {
    fn from(error: Error) -> Self {
        Self::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_method_the_target_and_the_transport() {
        let answer = proto::Error {
            code: 102,
            message: "unknown channel".into(),
        };
        let target = CallTarget::Name(" to ", "nosuch:1".into());
        let error = Error::answered("Publish", answer)
            .with_target(&target)
            .with_transport(&format_args!("gRPC API at h:1"));
        assert_eq!(
            error.to_string(),
            "Publish to `nosuch:1`: error 102: unknown channel (gRPC API at h:1)"
        );
        assert_eq!(error.target(), Some("nosuch:1"));
        let error = Error::not_connected("no connection to Centrifugo's gRPC API at h:1: refused")
            .with_method("Refresh")
            .with_target(&CallTarget::Name(" of user ", "4\n2".into()))
            .with_transport(&format_args!("gRPC API at h:1"));
        assert_eq!(
            error.to_string(),
            "Refresh of user `4 2`: no connection to Centrifugo's gRPC API at h:1: refused (it was not sent)"
        );
    }
}
