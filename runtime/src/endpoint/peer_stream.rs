//! The stream of a connection: its peer must begin within a time limit, and reads are limited in each turn.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

use super::peer::Peer;

/// How long a peer may take for a TLS handshake, for the first bytes that show its protocol, and for the headers of an
/// HTTP/1 request.
pub(super) const HANDSHAKE_LIMIT: Duration = Duration::from_secs(30);

/// The number of bytes that show a peer's protocol: the length of HTTP/2's preface, and less than any HTTP/1 request has.
const PREFACE_LEN: usize = 24;

/// The stream of a connection.
///
/// hyper has no time limit of its own until it knows the protocol, so reads fail when the first bytes do not come in time.
///
/// h2 decodes everything that a socket has before it passes the first call on, and decoded headers take up to a hundred
/// times the memory of the bytes that repeat them. Reads therefore end after a number of bytes in each turn
/// ([`Peer::begin_turn`]): calls are passed on, and refused, before more is read, and other connections have their turn.
pub(super) struct PeerStream<S> {
    stream: S,
    peer: Arc<Peer>,
    read: usize,
    /// Ends when the peer has not begun in time, or when the program stops before it has. None once it has begun.
    timeout: Option<BoxFuture<'static, ()>>,
}

impl<S> PeerStream<S> {
    pub(super) fn new(stream: S, peer: Arc<Peer>, mut stop: watch::Receiver<bool>) -> Self {
        let timeout = async move {
            tokio::select! {
                () = tokio::time::sleep(HANDSHAKE_LIMIT) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        };
        Self {
            stream,
            peer,
            read: 0,
            timeout: Some(Box::pin(timeout)),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PeerStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.peer.is_turn_over() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        let read = buf.filled().len() - before;
        this.peer.note_read(read);
        let Some(timeout) = &mut this.timeout else {
            return polled;
        };
        this.read += read;
        if this.read >= PREFACE_LEN {
            this.timeout = None;
        } else if polled.is_pending() && timeout.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PeerStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::{Instant, timeout};

    use super::*;
    use crate::endpoint::peer::TURN;

    fn connected() -> (PeerStream<DuplexStream>, DuplexStream, watch::Sender<bool>) {
        let (ours, theirs) = duplex(4 * TURN);
        let stop = watch::Sender::new(false);
        (
            PeerStream::new(ours, Arc::default(), stop.subscribe()),
            theirs,
            stop,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn fails_when_the_preface_does_not_come_in_time() {
        for sent in [0, PREFACE_LEN - 1] {
            let (mut ours, mut theirs, _stop) = connected();
            theirs.write_all(&vec![0; sent]).await.unwrap();
            let start = Instant::now();
            let error = ours.read_exact(&mut [0; PREFACE_LEN]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            assert_eq!(start.elapsed().as_secs(), HANDSHAKE_LIMIT.as_secs());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn has_no_time_limit_after_the_preface() {
        let (mut ours, mut theirs, stop) = connected();
        theirs.write_all(&[0; PREFACE_LEN]).await.unwrap();
        ours.read_exact(&mut [0; PREFACE_LEN]).await.unwrap();
        stop.send_replace(true);
        let silence = timeout(HANDSHAKE_LIMIT * 10, ours.read_u8()).await;
        assert!(silence.is_err(), "{silence:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn fails_at_once_when_the_program_stops_before_the_preface() {
        let (mut ours, mut theirs, stop) = connected();
        theirs.write_all(&[7]).await.unwrap();
        stop.send_replace(true);
        assert_eq!(ours.read_u8().await.unwrap(), 7, "bytes that are there are read");
        let start = Instant::now();
        assert!(ours.read_u8().await.is_err());
        assert_eq!(start.elapsed().as_secs(), 0);
    }

    #[tokio::test]
    async fn reads_a_limited_number_of_bytes_in_each_turn() {
        let (mut ours, mut theirs, _stop) = connected();
        theirs.write_all(&vec![1; 3 * TURN]).await.unwrap();
        let peer = ours.peer.clone();
        let mut turns = Vec::new();
        for _ in 0..3 {
            turns.push(
                poll_fn(|cx| {
                    peer.begin_turn();
                    let (mut bytes, mut read) = ([0; 1024], 0);
                    loop {
                        let mut buf = ReadBuf::new(&mut bytes);
                        match Pin::new(&mut ours).poll_read(cx, &mut buf) {
                            Poll::Ready(_) => read += buf.filled().len(),
                            Poll::Pending => return Poll::Ready(read),
                        }
                    }
                })
                .await,
            );
        }
        assert_eq!(turns, [TURN; 3]);
    }
}
