//! The console: its page, and what the page asks for.

mod api;
mod files;
mod send;
mod server;
mod sse;

pub(crate) use api::{Api, CentrifugoView};
pub(crate) use send::{Described, Sender};
pub(crate) use server::Console;
