//! The processes that commands start. None of them outlives its command.

mod child;
mod exit;
mod guard;
mod lines;

pub(crate) use child::{Child, Signal};
pub(crate) use exit::Exit;
pub(crate) use guard::{command, run_guard};
pub(crate) use lines::read_lines;
