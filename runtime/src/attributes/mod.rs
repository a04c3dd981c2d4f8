//! Re-exports the macros with their documentation, so that its examples run as doc tests of this crate.

mod channel;
mod connection;
mod derives;
mod made;
mod map;
mod notices;
mod rpc;

pub use channel::{publish, sub_refresh, subscribe, subscribe_stream};
pub use connection::{connect, refresh};
pub use derives::{FromEvent, FromParam, ReplyError};
pub use made::{scoped, shutdown, state};
pub use map::{map_publish, map_remove, shared_poll_refresh};
pub use notices::{invalid, notify_cache_empty, notify_channel_state};
pub use rpc::rpc;
