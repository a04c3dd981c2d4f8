//! What clients ask of Centrifugo.

/// A request of a client. [`decide`](super::decide) says what Centrifugo does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request<'a> {
    /// A connect command.
    Connect {
        /// The connection token, with the user in it.
        token: Option<(Token, &'a str)>,
    },
    /// A channel that the connect command of a client with a token names. Centrifugo subscribes the client if it may.
    ConnectChannel {
        /// The channel.
        channel: &'a str,
        /// The user, empty if anonymous.
        user: &'a str,
    },
    /// The time of a connection is over, or its client sends a new token.
    Refresh {
        /// The token that the client sends. Without one, the time is over.
        token: Option<Token>,
    },
    /// A subscription.
    Subscribe {
        /// The channel.
        channel: &'a str,
        /// The user, empty if anonymous.
        user: &'a str,
        /// The subscription token.
        token: Option<Token>,
        /// The type of subscription that the client asks for.
        subscription_type: SubscriptionType,
    },
    /// The time of a subscription of a client is over, or the client sends a new token.
    SubRefresh {
        /// The channel.
        channel: &'a str,
        /// The token that the client sends. Without one, the time is over.
        token: Option<Token>,
    },
    /// A publication.
    Publish {
        /// The channel.
        channel: &'a str,
        /// The user, empty if anonymous.
        user: &'a str,
        /// Whether the client has a subscription to the channel.
        is_subscribed: bool,
    },
    /// A call of a method.
    Rpc {
        /// The method.
        method: &'a str,
    },
    /// Sets a key of a map channel.
    MapPublish {
        /// The channel.
        channel: &'a str,
        /// The user, empty if anonymous.
        user: &'a str,
        /// Whether the client has a subscription to the channel.
        is_subscribed: bool,
    },
    /// Removes a key of a map channel.
    MapRemove {
        /// The channel.
        channel: &'a str,
        /// The user, empty if anonymous.
        user: &'a str,
        /// Whether the client has a subscription to the channel.
        is_subscribed: bool,
    },
    /// The time to poll a shared poll channel has come. Centrifugo asks by itself.
    SharedPollRefresh {
        /// The channel.
        channel: &'a str,
    },
}

/// A token that a client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Token {
    /// It is signed with the configured key, names this user and channel, and is not expired.
    Valid,
    /// It is signed with another key, or is no token.
    Invalid,
    /// It is expired.
    Expired,
    /// It is signed with the configured key, but is for another user or channel.
    Other,
}

/// The type of a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubscriptionType {
    /// Publications.
    #[default]
    Stream,
    /// A map.
    Map,
    /// The clients of another channel.
    MapClients,
    /// The users of another channel.
    MapUsers,
    /// Keys that Centrifugo polls.
    SharedPoll,
}

impl SubscriptionType {
    /// The name, as in the option `subscription_type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Map => "map",
            Self::MapClients => "map_clients",
            Self::MapUsers => "map_users",
            Self::SharedPoll => "shared_poll",
        }
    }

    /// Finds a type by its name. No name is a stream.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Stream,
            Self::Map,
            Self::MapClients,
            Self::MapUsers,
            Self::SharedPoll,
        ]
        .into_iter()
        .find(|found| found.name() == name || name.is_empty() && *found == Self::Stream)
    }
}
