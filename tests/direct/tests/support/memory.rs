//! What a running program holds.

use super::Program;

impl Program {
    /// The resident memory in kB, and the most that it ever was.
    pub fn memory(&self) -> Memory {
        Memory {
            now: self.status("VmRSS:"),
            most: self.status("VmHWM:"),
        }
    }

    /// The address space in kB.
    pub fn address_space(&self) -> usize {
        self.status("VmSize:")
    }

    fn status(&self, field: &str) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        line.trim_end_matches("kB").trim().parse().unwrap()
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub now: usize,
    pub most: usize,
}

impl Memory {
    /// Asserts that the program took less than 64 MB more than this at any time since.
    pub fn assert_bounded(self, program: &Program, what: &str) {
        let grown = program.memory().most.saturating_sub(self.now);
        eprintln!("{what}: {grown} kB at most");
        assert!(grown < 64 * 1024, "{what}: {grown} kB");
    }
}
