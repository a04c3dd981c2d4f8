//! How events reach the process.

pub(crate) mod goridge;
