//! A connection that reads only so much in one turn.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::peer::Peer;

/// A stream whose turns end after [`Peer::begin_turn`]'s number of bytes.
///
/// h2 decodes all that a socket has before it passes the first call on, and headers take a hundred times the memory of the bytes
/// that repeat them. With turns, calls are passed on, and refused, before more of them are read; and other connections are not
/// held up.
pub(crate) struct FairReads<S> {
    stream: S,
    peer: Arc<Peer>,
}

impl<S> FairReads<S> {
    pub(crate) fn new(stream: S, peer: Arc<Peer>) -> Self {
        Self { stream, peer }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FairReads<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.peer.is_turn_over() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.peer.note_read(buf.filled().len() - before);
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FairReads<S> {
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

    use tokio::io::AsyncWriteExt as _;

    use super::super::peer::TURN;
    use super::*;

    #[tokio::test]
    async fn reads_no_more_in_one_turn_than_it_may() {
        let (mut theirs, ours) = tokio::io::duplex(4 * TURN);
        theirs.write_all(&vec![1; 3 * TURN]).await.unwrap();
        let peer = Arc::new(Peer::default());
        let mut stream = FairReads::new(ours, peer.clone());
        let mut turns = Vec::new();
        for _ in 0..3 {
            turns.push(
                poll_fn(|cx| {
                    peer.begin_turn();
                    let (mut bytes, mut read) = ([0; 1024], 0);
                    loop {
                        let mut buf = ReadBuf::new(&mut bytes);
                        match Pin::new(&mut stream).poll_read(cx, &mut buf) {
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
