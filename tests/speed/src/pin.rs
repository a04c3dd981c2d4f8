//! CPU affinity.

use std::io;

use rustix::thread::{CpuSet, sched_setaffinity};

/// Pins the current thread, and all threads and processes that it starts, to these CPUs.
///
/// # Errors
///
/// If the machine has none of these CPUs.
pub fn pin(cpus: impl IntoIterator<Item = usize>) -> io::Result<()> {
    let mut set = CpuSet::new();
    for cpu in cpus {
        set.set(cpu);
    }
    Ok(sched_setaffinity(None, &set)?)
}
