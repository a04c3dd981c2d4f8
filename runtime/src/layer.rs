//! Layers around events. A layer sees each event before its handler, and the event's outcome after it.
//!
//! A layer is an `async` function in [`from_fn`], or any tower layer over [`Next`].
//! [`Server::layer`](crate::Server::layer) adds it around all handlers.

pub use crate::dispatch::{FromFn, FromFnService, from_fn};
#[cfg(feature = "rate-limit")]
pub use crate::dispatch::{RateLimit, RateLimitService};
pub use crate::event::{Event, Extensions};
pub use crate::handler::{IntoOutcome, Next, Outcome};
