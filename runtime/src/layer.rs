//! Layers around events: what each event passes on its way to its handler, and its outcome on the way back.
//!
//! A layer is an `async` function in [`from_fn`], or any tower layer over [`Next`]. [`Server::layer`](crate::Server::layer)
//! lays it around all handlers.

pub use crate::dispatch::{FromFn, FromFnService, from_fn};
#[cfg(feature = "rate-limit")]
pub use crate::dispatch::{RateLimit, RateLimitService};
pub use crate::event::{Event, Extensions};
pub use crate::handler::{IntoOutcome, Next, Outcome};
