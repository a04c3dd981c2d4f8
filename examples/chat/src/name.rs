//! Names of users.

use std::str::FromStr;

use crate::ChatError;
use crate::bot;

/// A valid name as the user wrote it. It is a parameter of patterns such as `ban/{name}`.
#[derive(Debug)]
pub struct Name(String);

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the user id: the name in lower case, so that `Ann` and `ann` are the same user.
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
