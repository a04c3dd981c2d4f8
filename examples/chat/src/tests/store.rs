use std::sync::Barrier;
use std::thread;

use super::Test;
use crate::store::Store;

/// RoadRunner starts several workers at once.
#[test]
fn can_be_opened_by_many_at_once() -> Test {
    for round in 0..20 {
        let path = std::env::temp_dir().join(format!("chat-{}-{round}.db", std::process::id()));
        let text = path.to_str().ok_or("the path is not text")?;
        let start = Barrier::new(8);
        let open = || {
            start.wait();
            Store::open(text).map(drop)
        };
        let opened = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join())
                .collect::<Vec<_>>()
        });
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{text}{suffix}"));
        }
        for opened in opened {
            opened.expect("no panic")?;
        }
    }
    Ok(())
}
