//! The threads of a test's process.

use std::fs;

/// Returns the number of threads whose names begin with this text.
pub fn count(name: &str) -> usize {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    tasks
        .filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok())
        .filter(|comm| comm.starts_with(name))
        .count()
}
