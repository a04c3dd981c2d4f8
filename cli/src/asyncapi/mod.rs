//! AsyncAPI 3.0 documents of programs.

mod channels;
mod document;
mod error_schemas;
mod info;
mod json_schema;
mod names;
mod schemas;
mod server;
#[cfg(test)]
mod tests;

pub use document::document;
pub use info::Info;
