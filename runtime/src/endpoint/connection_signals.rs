//! What ends a connection from outside: the program stops, other connections need its place, or it is idle.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;

use super::peer::Peer;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConnectionSignal {
    /// The program stops. The connection answers the calls that are under way.
    Stop,
    /// Other connections wait for the place of this one. It ends, unless a call was admitted in the meantime.
    MakeRoom,
    /// There was no call for too long.
    Idle,
}

/// The signals of one connection. A poll costs little until one arrives, since only futures that were woken are polled.
pub(super) struct ConnectionSignals(FuturesUnordered<BoxFuture<'static, ConnectionSignal>>);

impl ConnectionSignals {
    pub(super) fn new(mut stop: watch::Receiver<bool>, peer: Arc<Peer>, closes_if_idle: bool) -> Self {
        let signals = FuturesUnordered::<BoxFuture<'static, _>>::new();
        signals.push(Box::pin(async move {
            // Fails if the sender is gone, after the program has stopped.
            let _ = stop.wait_for(|stop| *stop).await;
            ConnectionSignal::Stop
        }));
        if closes_if_idle {
            let peer = peer.clone();
            signals.push(Box::pin(async move {
                peer.idle().await;
                ConnectionSignal::Idle
            }));
        }
        signals.push(Box::pin(async move {
            peer.closed().await;
            ConnectionSignal::MakeRoom
        }));
        Self(signals)
    }

    /// Returns the next signal. Each arrives once.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<ConnectionSignal> {
        match Pin::new(&mut self.0).poll_next(cx) {
            Poll::Ready(Some(signal)) => Poll::Ready(signal),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}
