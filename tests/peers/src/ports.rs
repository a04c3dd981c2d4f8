//! Free ports below the range of ephemeral ports.

use std::collections::HashSet;
use std::net::TcpListener;
use std::sync::Mutex;

static TAKEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// Returns a free port that no other test of this process has.
pub fn free() -> u16 {
    let mut taken = TAKEN.lock().expect("no test panics here");
    let taken = taken.get_or_insert_default();
    let start = 12_000 + (std::process::id() % 150) as u16 * 100;
    (start..32_000)
        .chain(10_000..start)
        .find(|port| {
            !taken.contains(port) && TcpListener::bind(("127.0.0.1", *port)).is_ok() && taken.insert(*port)
        })
        .expect("a free port")
}
