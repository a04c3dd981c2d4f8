//! Patterns of channels and methods, and the router that finds the pattern with the highest precedence.

mod ambiguous;
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

pub(crate) use ambiguous::{AmbiguousPair, MOST_STEPS, ambiguous_pairs};
pub(crate) use pattern::{Pattern, Wildcard};
pub(crate) use router::{Params, Router};
pub(crate) use shadowed::shadowed_pairs;
