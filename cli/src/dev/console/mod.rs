//! The console: its page, and what the page asks for.

mod api;
mod event_log;
mod files;
mod form;
mod proxy_call;
mod sender;
mod server;
mod sse;

pub(crate) use api::{Api, CentrifugoView};
pub(crate) use sender::Sender;
pub(crate) use server::Console;
