//! The contract between handlers and everything else.

mod argument;
mod blocking;
mod call;
mod client_stream;
mod encoded_stream;
mod format;
mod from_event;
mod function;
#[cfg(feature = "_direct")]
mod handler_thread;
mod into_reply;
mod invalid;
mod outcome;
mod registration;
mod route;
mod scoped_values;
mod state;
mod typed_event;

pub use argument::{Argument, param};
pub(crate) use blocking::BLOCKING;
pub use call::Call;
pub(crate) use call::{Entry, Found};
pub(crate) use client_stream::ClientStream;
pub(crate) use format::Format;
pub use from_event::{Extracted, FromEvent};
pub use function::{AsyncHandler, BlockingHandler, Reply, SyncHandler};
#[cfg(feature = "_direct")]
pub(crate) use handler_thread::HandlerThread;
pub use into_reply::{IntoReply, Protocol};
pub use invalid::{FromInvalid, Invalid};
pub use outcome::Outcome;
pub use registration::{InvalidDef, ShutdownDef, StateDef};
pub use route::{Answering, AnyHandler, Route};
pub(crate) use state::AnyState;
pub use state::{StateNeed, States};
pub use typed_event::TypedEvent;
