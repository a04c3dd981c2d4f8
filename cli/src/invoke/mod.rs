//! Single events for a running program, and its answers.

mod answer;
mod data;
mod effect;
mod encoded_messages;
mod event_header;
mod invocation;
mod invoke_error;
mod log_line;
mod messages;
mod method;
mod opened_stream;
mod outcome;
mod pretty_json;
mod program_address;
mod program_client;
mod request;
mod response;
mod root_cause;

pub use answer::Answer;
pub use data::Data;
pub use effect::effect;
pub use encoded_messages::EncodedMessages;
pub(crate) use event_header::{event_header, is_of_transport};
pub use invocation::{ChannelEvent, Invocation, PollItem, Protocol};
pub use invoke_error::InvokeError;
pub use log_line::LogLine;
pub use messages::{request_bytes, request_json, response_json};
pub use method::{Method, SERVICE};
pub(crate) use opened_stream::first_message;
pub use opened_stream::{OpenedStream, StreamMessage, client_publication, stream_message, stream_request};
pub use outcome::Outcome;
pub use pretty_json::pretty_json;
pub use program_client::{ProgramClient, Secret};
pub(crate) use request::encode_request;
pub use request::unused_fields;
pub use response::{Response, ResponseDisconnect, ResponseError, ResponseStatus};
