//! Events as people see them: what the proxy copied, put together and explained.

mod answer;
mod assembler;
mod handler_index;
mod json_view;
mod metadata;
mod recorded;
mod request;
mod source_place;

pub(crate) use answer::AnswerView;
pub(crate) use assembler::{Assembler, unix_ms};
pub(crate) use handler_index::HandlerIndex;
pub(crate) use json_view::bytes_view;
pub(crate) use recorded::Recorded;
pub(crate) use request::RequestView;
pub(crate) use source_place::find_place;
