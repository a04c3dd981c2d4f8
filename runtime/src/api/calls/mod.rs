//! The methods, by topic. History and batches have files of their own.

mod connections;
mod devices;
mod information;
mod maps;
mod options;
mod presence;
mod publish;
mod push;
mod strings;
mod tokens;
mod topics;
mod users;

pub(crate) use options::options;
pub(crate) use strings::texts;
