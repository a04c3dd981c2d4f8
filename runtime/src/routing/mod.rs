//! Patterns, and the look-up of the pattern that wins. Generic over what it finds: it knows no event.

mod ambiguous;
mod exact_index;
#[cfg(fuzzing)]
pub(crate) mod fuzz;
#[cfg(any(test, fuzzing))]
mod naive_matcher;
mod pattern;
mod prefix_index;
#[cfg(test)]
mod properties;
mod router;
mod shadowed;
mod trie;

pub(crate) use ambiguous::{MOST_STEPS, Tie, ties};
pub(crate) use pattern::Pattern;
pub(crate) use router::{Params, Router};
pub(crate) use shadowed::hidden;
