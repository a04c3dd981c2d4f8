//! What Centrifugo does with a request, and why.

use std::fmt;
use std::time::Duration;

use crate::description::Event;

/// What Centrifugo does with a request, with the rules on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// What happens.
    pub outcome: Outcome,
    /// The rules that Centrifugo looked at, in its order.
    pub steps: Vec<Step>,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Centrifugo asks the backend.
    Asked(Proxy),
    /// The client may, and nobody is asked.
    LetIn {
        /// The rule that decides.
        rule: Rule,
        /// The path of the option in the configuration.
        path: Option<String>,
    },
    /// The client may not, and nobody is asked.
    Refused {
        /// What the client receives.
        code: Code,
        /// The rule that decides.
        rule: Rule,
        /// The path of the option in the configuration.
        path: Option<String>,
    },
}

/// A proxy: where Centrifugo sends an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proxy {
    /// The event that the backend receives.
    pub event: Event,
    /// The path of the proxy in the configuration.
    pub path: String,
    /// The endpoint.
    pub endpoint: String,
    /// How long Centrifugo waits.
    pub timeout: Duration,
}

impl Proxy {
    /// Whether Centrifugo speaks HTTP with the endpoint. It speaks gRPC otherwise.
    pub fn is_http(&self) -> bool {
        self.endpoint.starts_with("http://") || self.endpoint.starts_with("https://")
    }
}

/// What a refused client receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// An error.
    Error(u32),
    /// The connection is closed.
    Disconnect(u32),
    /// The subscription ends.
    Unsubscribe(u32),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(code) => write!(f, "error {code}"),
            Self::Disconnect(code) => write!(f, "disconnect {code}"),
            Self::Unsubscribe(code) => write!(f, "unsubscribe {code}"),
        }
    }
}

/// The rule that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The channel or the method has no name.
    NoName,
    /// The channel is longer than `channel.max_length`.
    TooLong,
    /// The namespace is not in the configuration.
    UnknownNamespace,
    /// The channel does not match `channel_regex`, or is not ASCII.
    ChannelName,
    /// The namespace has another `subscription_type`.
    SubscriptionType,
    /// The channel is private, and the client has no token.
    PrivateChannel,
    /// The token decides.
    Token,
    /// A token of an anonymous user is not allowed.
    AnonymousToken,
    /// The channel is limited to users. They are let in, and all others are refused.
    UserLimited,
    /// An option `allow_..` lets clients in.
    Allowed,
    /// `client.allow_anonymous_connect_without_token` lets clients in.
    AnonymousConnect,
    /// `client.insecure` lets clients in.
    Insecure,
    /// Centrifugo answers `rpc.ping` itself.
    Ping,
    /// No proxy is on for the event.
    NoProxy,
    /// A proxy is on, so that clients cannot refresh.
    ServerRefresh,
    /// A stream that takes nothing from clients.
    OneWayStream,
    /// The client has no stream.
    NoStream,
    /// No rule lets the client in.
    NoRule,
}

/// A rule that Centrifugo looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What Centrifugo found.
    pub text: String,
    /// The path of the option in the configuration.
    pub path: Option<String>,
}

/// Collects steps until the outcome is known.
#[derive(Debug, Default)]
pub(super) struct Trace {
    steps: Vec<Step>,
}

impl Trace {
    pub(super) fn step(&mut self, text: impl Into<String>, path: Option<&str>) {
        self.steps.push(Step {
            text: text.into(),
            path: path.map(str::to_owned),
        });
    }

    pub(super) fn let_in(mut self, rule: Rule, text: impl Into<String>, path: Option<&str>) -> Decision {
        self.step(text, path);
        let path = path.map(str::to_owned);
        self.end(Outcome::LetIn { rule, path })
    }

    pub(super) fn refused(
        mut self,
        code: Code,
        rule: Rule,
        text: impl Into<String>,
        path: Option<&str>,
    ) -> Decision {
        self.step(text, path);
        let path = path.map(str::to_owned);
        self.end(Outcome::Refused { code, rule, path })
    }

    pub(super) fn asked(mut self, proxy: Proxy) -> Decision {
        self.step(
            format!("event `{}` goes to {}", proxy.event, proxy.endpoint),
            Some(&proxy.path),
        );
        self.end(Outcome::Asked(proxy))
    }

    fn end(self, outcome: Outcome) -> Decision {
        Decision {
            outcome,
            steps: self.steps,
        }
    }
}
