//! The processes that commands start. None of them outlives its command.

mod child;
mod exit;
mod guard;
mod guard_lines;
mod lines;
mod program_start;

pub(crate) use child::{Child, Signal};
pub(crate) use exit::Exit;
pub(crate) use guard::{command, exit_of_program, run_guard};
use guard_lines::GuardLines;
pub(crate) use lines::read_lines;
