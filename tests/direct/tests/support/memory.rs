//! The memory of a running program.

use super::Program;

impl Program {
    /// Returns the resident memory, resident_kb and at its peak.
    pub fn memory(&self) -> Memory {
        Memory {
            resident_kb: self.status("VmRSS:"),
            peak_kb: self.status("VmHWM:"),
        }
    }

    /// Returns the size of the address space in kB.
    pub fn address_space(&self) -> usize {
        self.status("VmSize:")
    }

    fn status(&self, field: &str) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        line.trim_end_matches("kB").trim().parse().unwrap()
    }
}

/// The resident memory of a process in kB.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub resident_kb: usize,
    pub peak_kb: usize,
}

impl Memory {
    /// Asserts that the peak of resident memory stayed less than 64 MB above this measurement.
    pub fn assert_bounded(self, program: &Program, what: &str) {
        let grown = program.memory().peak_kb.saturating_sub(self.resident_kb);
        eprintln!("{what}: {grown} kB at most");
        assert!(grown < 64 * 1024, "{what}: {grown} kB");
    }
}
