//! The connections on which an event can be sent.

use std::ops::Deref;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The connections on which an event can be sent, in the order in which they became free.
#[derive(Debug)]
pub(super) struct FreeConnections<T> {
    free: UnboundedReceiver<T>,
    returned: UnboundedSender<T>,
}

/// A place for one event on a connection. It is free again when this is dropped.
#[derive(Debug)]
pub(super) struct FreeConnection<T: Clone> {
    connection: T,
    returned: UnboundedSender<T>,
}

impl<T: Clone> FreeConnections<T> {
    /// Starts with connections that have no events. Each of them can have `events_at_once`.
    pub(super) fn new(connections: &[T], events_at_once: usize) -> Self {
        let (returned, free) = unbounded_channel();
        for _ in 0..events_at_once {
            for connection in connections {
                // The receiver exists.
                let _ = returned.send(connection.clone());
            }
        }
        Self { free, returned }
    }

    /// Waits for a connection that is free.
    pub(super) async fn next(&mut self) -> Option<FreeConnection<T>> {
        let connection = self.free.recv().await?;
        let returned = self.returned.clone();
        Some(FreeConnection { connection, returned })
    }
}

impl<T: Clone> Deref for FreeConnection<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.connection
    }
}

impl<T: Clone> Drop for FreeConnection<T> {
    fn drop(&mut self) {
        // An error means that no further event is sent.
        let _ = self.returned.send(self.connection.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_slow_connection_gets_no_second_event() {
        let mut connections = FreeConnections::new(&["slow", "fast"], 1);
        let slow = connections.next().await.unwrap();
        for _ in 0..3 {
            assert_eq!(*connections.next().await.unwrap(), "fast");
        }
        let _fast = connections.next().await.unwrap();
        let wait = tokio::time::timeout(Duration::from_millis(10), connections.next()).await;
        assert!(wait.is_err());
        drop(slow);
        assert_eq!(*connections.next().await.unwrap(), "slow");
    }

    #[tokio::test]
    async fn events_go_over_all_connections() {
        let mut connections = FreeConnections::new(&[1, 2], 2);
        let mut used = Vec::new();
        for _ in 0..4 {
            used.push(connections.next().await.unwrap());
        }
        let used: Vec<_> = used.iter().map(|connection| **connection).collect();
        assert_eq!(used, [1, 2, 1, 2]);
    }
}
