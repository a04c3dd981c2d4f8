//! The channel or user of a call, for its errors.

use std::fmt;

use super::error_text::clip;

/// The channel or the user that a call is about.
#[derive(Clone, Debug, Default)]
pub enum CallTarget {
    /// The method has none.
    #[default]
    None,
    /// A channel, a user or another name, and the words before it, such as ` to ` or ` of user `.
    Name(&'static str, String),
    /// Many channels.
    Channels(Vec<String>),
}

impl CallTarget {
    /// Returns the name, unless there is none or there are many.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Name(_, name) => Some(name),
            _ => None,
        }
    }

    /// Returns the channel, if the call is about a single one.
    pub(crate) fn channel_name(&self) -> Option<&str> {
        match self {
            Self::Name(" to " | " of " | " from ", name) => Some(name),
            _ => None,
        }
    }

    /// Returns the user, if the call is about one.
    pub(crate) fn user(&self) -> Option<&str> {
        match self {
            Self::Name(" of user ", name) => Some(name),
            _ => None,
        }
    }

    /// Returns the target of one part of a call with many channels.
    pub(crate) fn channel(&self, index: usize) -> Self {
        match self {
            Self::Channels(channels) => channels
                .get(index)
                .map_or(Self::None, |channel| Self::Name(" to ", channel.clone())),
            other => other.clone(),
        }
    }
}

/// Shows the words that follow the name of the method, such as ``to `news:1` ``.
impl fmt::Display for CallTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Name(words, name) => write!(f, "{words}`{}`", clip(name)),
            Self::Channels(channels) => write!(f, " to {} channels", channels.len()),
        }
    }
}
