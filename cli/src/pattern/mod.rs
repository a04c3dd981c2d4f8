//! Patterns of channels and methods. The rules are those of the crate `centrifugo`.

#[cfg(any(feature = "cli", test))]
mod matching;
#[expect(clippy::module_inception, reason = "the file holds the type `Pattern`")]
mod pattern;
#[cfg(feature = "cli")]
mod precedence;
mod samples;

pub(crate) use pattern::{Part, Pattern};
#[cfg(feature = "cli")]
pub(crate) use precedence::Precedence;
