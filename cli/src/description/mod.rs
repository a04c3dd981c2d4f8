//! The document that a program prints with `WORKER_DESCRIBE=json`.
//!
//! The structs follow `docs/description.schema.json` of the crate `centrifugo`.

mod channel;
mod configuration;
mod data_type;
#[expect(clippy::module_inception, reason = "the document is named like its module")]
mod description;
mod endpoint;
mod error_type;
mod event;
mod handler;
mod invalid_description;

pub use channel::{Channel, Field};
pub use configuration::{Configuration, RoadRunnerConfiguration};
pub use data_type::DataType;
pub use description::Description;
pub use endpoint::Endpoint;
pub use error_type::{Answer, ErrorCase, ErrorType};
pub use event::Event;
pub use handler::{Handler, Need};
pub use invalid_description::InvalidDescription;
