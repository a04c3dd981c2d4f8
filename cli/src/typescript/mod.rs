//! Clients in TypeScript and JavaScript, over centrifuge-js 5.

mod channel_functions;
mod client;
mod data_types;
mod doc_comment;
mod error_codes;
mod identifier;
mod method_tree;
mod pattern_code;
mod schema_type;
mod source_text;
mod subscription_kind;
#[cfg(test)]
mod tests;
mod ts_type;

pub use client::{JavaScriptClient, javascript_client, typescript_client};
