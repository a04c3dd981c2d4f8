//! Reports the metrics of a worker to RoadRunner's `metrics` plugin, which shows the sum over the pool.

mod connection;
#[cfg(test)]
mod fake_plugin;
mod family;
mod instruments;
mod recorder;
mod reporter;
mod reporter_thread;
mod sample;
mod stop_request;

pub(crate) use reporter_thread::{finish, finish_quickly, start};
