//! Re-exports the macros with their documentation, so that its examples run as doc tests of this crate.

mod channel_events;
mod channel_type;
mod connection;
mod derives;
mod made;
mod map;
mod notices;
mod rpc;

pub use channel_events::{publish, sub_refresh, subscribe, subscribe_stream};
pub use channel_type::channel;
pub use connection::{connect, refresh};
pub use derives::{FromEvent, FromParam, ReplyError};
pub use made::{scoped, shutdown, state};
pub use map::{map_publish, map_remove, shared_poll_refresh};
pub use notices::{invalid, notify_cache_empty, notify_channel_state};
pub use rpc::rpc;
