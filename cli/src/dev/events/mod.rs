//! Events as people see them: what the proxy copied, put together and explained.

mod answer;
mod assembler;
mod deadline;
mod handler_index;
mod json_view;
mod metadata;
mod pending_event;
mod recent_events;
mod recorded;
mod request;
mod source_place;
mod stream_view;
mod unix_ms;

pub(crate) use answer::AnswerView;
pub(crate) use assembler::Assembler;
pub(crate) use handler_index::HandlerIndex;
pub(crate) use json_view::bytes_view;
pub(crate) use recorded::Recorded;
pub(crate) use request::RequestView;
pub(crate) use source_place::find_place;
pub(crate) use unix_ms::unix_ms;
