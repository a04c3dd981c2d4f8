//! Where threads run.

use std::io;

use rustix::thread::{CpuSet, sched_setaffinity};

/// Keeps this thread, and what it starts from now on, on these CPUs.
///
/// # Errors
///
/// When the machine has none of them.
pub fn pin(cpus: impl IntoIterator<Item = usize>) -> io::Result<()> {
    let mut set = CpuSet::new();
    for cpu in cpus {
        set.set(cpu);
    }
    Ok(sched_setaffinity(None, &set)?)
}
