//! The rules by which Centrifugo decides, in its order (`internal/client/handler.go`).

mod channel_name;
mod connect;
mod connect_channel;
mod decide;
mod map;
mod publish;
mod refresh;
mod rpc;
mod shared_poll;
mod sub_refresh;
mod subscribe;

pub use decide::decide;
