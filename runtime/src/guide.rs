//! The guide: from the first handler to what runs in production.
//!
//! | page | what |
//! |---|---|
//! | [`first_handler`] | a program, from nothing to an answer |
//! | [`state`] | values of the program, and values of one event |
//! | [`errors`] | what the client gets when something is wrong |
//! | [`speaking_first`] | the server API: publish, disconnect, presence, history; tokens |
//! | [`patterns`] | which handler answers: the rules in five lines |
//! | [`testing`] | handlers in tests, in process and as a process |
//! | [`layers`] | a time limit, a rate limit per user, an audit log |
//! | [`roadrunner`] | as a worker of RoadRunner |
//! | [`running`] | in production: RoadRunner or direct, sidecar, systemd, containers, Kubernetes, scaling, limits |
//! | [`linker_trap`] | why handlers of another crate can be missing |

#[doc = include_str!("../docs/guide/first_handler.md")]
pub mod first_handler {}

#[doc = include_str!("../docs/guide/state.md")]
pub mod state {}

#[doc = include_str!("../docs/guide/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/guide/speaking_first.md")]
pub mod speaking_first {}

/// Which handler answers.
///
#[doc = include_str!("routing/pattern.md")]
///
#[doc = include_str!("../docs/guide/patterns.md")]
pub mod patterns {}

#[doc = include_str!("../docs/guide/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/guide/layers.md")]
pub mod layers {}

#[doc = include_str!("../docs/guide/roadrunner.md")]
pub mod roadrunner {}

#[doc = include_str!("../docs/guide/running.md")]
pub mod running {}

#[doc = include_str!("../docs/guide/linker_trap.md")]
pub mod linker_trap {}
