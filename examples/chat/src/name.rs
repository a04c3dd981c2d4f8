//! Names of users.

use std::str::FromStr;

use crate::ChatError;
use crate::bot;

/// A name as somebody wrote it. Patterns bind to it: `ban/{name}`.
#[derive(Debug)]
pub struct Name(String);

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The user's id: `Ann` and `ann` are the same user.
    pub fn id(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for Name {
    type Err = ChatError;

    fn from_str(text: &str) -> Result<Self, ChatError> {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        if !(2..=20).contains(&text.chars().count()) || !text.chars().all(fits) {
            return Err(ChatError::BadName);
        }
        if text.eq_ignore_ascii_case(bot::NAME) {
            return Err(ChatError::NameTaken);
        }
        Ok(Self(text.to_owned()))
    }
}
