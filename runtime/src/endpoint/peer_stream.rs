//! The byte stream of a connection, with a timeout for the first bytes and a limit on the bytes that are read in each poll.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

use super::peer::{HANDSHAKE_TIMEOUT, Peer};

/// The number of bytes that show the protocol. The preface of HTTP/2 has this length, and HTTP/1 requests are longer.
const PREFACE_LEN: usize = 24;

/// The byte stream of a connection.
///
/// hyper has no timeout until it knows the protocol. This stream therefore fails if the first bytes do not arrive in time.
///
/// h2 decodes everything that it can read from a socket before it returns the first call. With header compression, decoded
/// headers can take a hundred times the memory of the encoded ones. This stream therefore limits the bytes that are read in
/// each poll of the connection ([`Peer::begin_poll`]). Calls are then dispatched or refused before h2 reads more, and other
/// connections make progress.
pub(super) struct PeerStream<S> {
    stream: S,
    peer: Arc<Peer>,
    read: usize,
    /// Completes when the first bytes are late, or when the program stops before they arrive. `None` after they have arrived.
    timeout: Option<BoxFuture<'static, ()>>,
}

impl<S> PeerStream<S> {
    pub(super) fn new(stream: S, peer: Arc<Peer>, mut stop: watch::Receiver<bool>) -> Self {
        let timeout = async move {
            tokio::select! {
                () = tokio::time::sleep(HANDSHAKE_TIMEOUT) => {}
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
        if this.peer.is_read_limit_reached() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        let read = buf.filled().len() - before;
        this.peer.record_read(read);
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
    use crate::endpoint::peer::MAX_READ_PER_POLL;

    fn connected() -> (PeerStream<DuplexStream>, DuplexStream, watch::Sender<bool>) {
        let (ours, theirs) = duplex(4 * MAX_READ_PER_POLL);
        let stop = watch::Sender::new(false);
        (
            PeerStream::new(ours, Arc::default(), stop.subscribe()),
            theirs,
            stop,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn fails_if_the_preface_is_late() {
        for sent in [0, PREFACE_LEN - 1] {
            let (mut ours, mut theirs, _stop) = connected();
            theirs.write_all(&vec![0; sent]).await.unwrap();
            let start = Instant::now();
            let error = ours.read_exact(&mut [0; PREFACE_LEN]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            assert_eq!(start.elapsed().as_secs(), HANDSHAKE_TIMEOUT.as_secs());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn has_no_timeout_after_the_preface() {
        let (mut ours, mut theirs, stop) = connected();
        theirs.write_all(&[0; PREFACE_LEN]).await.unwrap();
        ours.read_exact(&mut [0; PREFACE_LEN]).await.unwrap();
        stop.send_replace(true);
        let silence = timeout(HANDSHAKE_TIMEOUT * 10, ours.read_u8()).await;
        assert!(silence.is_err(), "{silence:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn fails_at_once_if_the_program_stops_before_the_preface() {
        let (mut ours, mut theirs, stop) = connected();
        theirs.write_all(&[7]).await.unwrap();
        stop.send_replace(true);
        assert_eq!(ours.read_u8().await.unwrap(), 7, "available bytes are read first");
        let start = Instant::now();
        assert!(ours.read_u8().await.is_err());
        assert_eq!(start.elapsed().as_secs(), 0);
    }

    #[tokio::test]
    async fn reads_a_limited_number_of_bytes_in_each_poll() {
        let (mut ours, mut theirs, _stop) = connected();
        theirs.write_all(&vec![1; 3 * MAX_READ_PER_POLL]).await.unwrap();
        let peer = ours.peer.clone();
        let mut polls = Vec::new();
        for _ in 0..3 {
            polls.push(
                poll_fn(|cx| {
                    peer.begin_poll();
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
        assert_eq!(polls, [MAX_READ_PER_POLL; 3]);
    }
}
