//! Exit codes, the same for all commands.

use std::process::ExitCode;

use crate::invoke::Outcome;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExitStatus {
    /// The command did what it should, and found nothing wrong.
    Success,
    /// The command worked, and what it checked is wrong. `--check` and `check` end like this.
    Findings,
    /// The command failed. clap ends like this for wrong arguments, too.
    Failure,
    /// `invoke` has sent the event, and this is how it ended.
    Answered(Outcome),
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        match status {
            ExitStatus::Success => Self::SUCCESS,
            ExitStatus::Findings => Self::from(1),
            ExitStatus::Failure => Self::from(2),
            ExitStatus::Answered(outcome) => Self::from(match outcome {
                Outcome::Ok => 0,
                Outcome::Error => 3,
                Outcome::Disconnect => 4,
                Outcome::Failed | Outcome::Unknown => 5,
                Outcome::Refused => 6,
                Outcome::Timeout => 7,
            }),
        }
    }
}
