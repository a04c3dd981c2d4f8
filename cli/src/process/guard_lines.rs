//! What a guard says about its program.

use rustix::process::{Pid, Signal, kill_process_group};

use super::Exit;

/// What a guard has said about its program.
#[derive(Debug, Default)]
pub(super) struct GuardLines {
    pid: Option<u32>,
    exit: Option<Exit>,
}

impl GuardLines {
    /// Reads a line.
    pub(super) fn read(&mut self, line: &str) {
        match line.strip_prefix("pid ") {
            Some(pid) => self.pid = pid.parse().ok(),
            None => self.exit = Exit::parse(line),
        }
    }

    /// Returns the process id of the program, which a program that was not started has not.
    pub(super) fn pid(&self) -> Option<u32> {
        self.pid
    }

    /// Returns how the program ended, after the last line. A guard that has not said it was killed, and does not guard the program
    /// any more: all processes of the program's group are killed.
    pub(super) fn end(self) -> Exit {
        if let Some(exit) = self.exit {
            return exit;
        }
        let group = self.pid.and_then(|pid| Pid::from_raw(pid.try_into().ok()?));
        if let Some(group) = group {
            // An error means that no process is left.
            let _ = kill_process_group(group, Signal::KILL);
        }
        Exit::Unknown
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
    use std::process::Command;

    use super::*;

    #[test]
    fn reads_the_lines_of_a_guard() {
        let mut lines = GuardLines::default();
        lines.read("pid 4194305");
        assert_eq!(lines.pid(), Some(4_194_305));
        lines.read("code 3");
        assert_eq!(lines.end(), Exit::Code(3));
        let mut lines = GuardLines::default();
        lines.read("failed no such file");
        assert_eq!(
            (lines.pid(), lines.end()),
            (None, Exit::NotStarted("no such file".into()))
        );
        assert_eq!(GuardLines::default().end(), Exit::Unknown);
    }

    #[test]
    fn kills_the_program_of_a_guard_that_does_not_say_how_it_ended() {
        let mut program = Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        let mut lines = GuardLines::default();
        lines.read(&format!("pid {}", program.id()));
        assert_eq!(lines.end(), Exit::Unknown);
        assert_eq!(program.wait().unwrap().signal(), Some(9));
    }
}
