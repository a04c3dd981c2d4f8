//! The gRPC proxy between Centrifugo and the program.
//!
//! Bytes pass through as they are. Copies of them go to an [`Observer`].

mod backend;
mod body;
mod messages;
mod observation;
mod proxy;
mod status;

pub(crate) use backend::Backend;
pub(crate) use body::ProxyBody;
pub(crate) use messages::{Message, frame, unframe};
pub(crate) use observation::{Direction, EventId, Observation, Observations, Observer, Source};
pub(crate) use proxy::{Proxy, StatusOfProxy, bind};
pub(crate) use status::Status;
