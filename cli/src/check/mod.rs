//! The check of Centrifugo's configuration against the handlers of a program.

mod channel_options;
mod checker;
mod concurrency;
mod endpoints;
mod events;
mod finding;
mod format;
mod forwarded;
mod keys;
mod lines;
mod map_subscriptions;
mod missing_handlers;
mod proxy_switch;
mod reach;
mod readable;
mod secrets;
mod starts;
mod streams;
mod timeouts;
mod unasked_clients;
mod unasked_handlers;
mod uses;

pub use checker::{Input, check};
pub use finding::{Finding, HandlerPlace, Level};
pub use format::{github, json, text};
