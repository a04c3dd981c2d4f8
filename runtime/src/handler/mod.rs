//! The contract between handlers, extractors, replies and the dispatcher.

mod argument;
mod blocking;
mod client_stream;
mod encoded_stream;
mod extracted;
mod format;
mod from_event;
mod function;
mod handler_info;
#[cfg(feature = "_direct")]
mod handler_thread;
mod into_outcome;
mod into_reply;
mod invalid;
mod layered_handler;
mod next;
mod outcome;
mod outcome_summary;
mod protocol;
mod registration;
mod reply_conversion;
mod route;
mod scoped_values;
mod state;
mod typed_event;

pub use argument::{Argument, param};
pub(crate) use blocking::BLOCKING;
pub(crate) use client_stream::ClientStream;
pub use extracted::Extracted;
pub(crate) use format::Format;
pub use from_event::FromEvent;
pub use function::{AsyncHandler, BlockingHandler, SyncHandler};
#[cfg(test)]
pub(crate) use handler_info::HandlerInfo;
#[cfg(feature = "_direct")]
pub(crate) use handler_thread::HandlerThread;
pub use into_outcome::IntoOutcome;
pub use into_reply::IntoReply;
pub use invalid::{FromInvalid, Invalid};
pub use layered_handler::LayeredHandler;
pub use next::Next;
pub use outcome::Outcome;
pub(crate) use outcome_summary::OutcomeSummary;
pub use protocol::Protocol;
pub use registration::{InvalidDef, ShutdownDef, StateDef};
pub use reply_conversion::ReplyConversion;
pub use route::{AnyHandler, Call, PendingOutcome, Route};
pub(crate) use route::{Entry, RouteMatch};
pub(crate) use state::{AnyState, OtherNeed};
pub use state::{StateNeed, States};
pub use typed_event::TypedEvent;
