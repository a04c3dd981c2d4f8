//! A connection whose peer has to begin within a time limit: until then hyper has no time limit of its own.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

use super::listener::OPENING_LIMIT;

/// Bytes by which a peer has said what it speaks: those of HTTP/2's preface, and fewer than a request of HTTP/1 has.
const BEGUN: usize = 24;

pub(crate) struct PrefaceTimeout<S> {
    stream: S,
    read: usize,
    /// The end of its patience: a time limit, or the program's end.
    over: Option<BoxFuture<'static, ()>>,
}

impl<S> PrefaceTimeout<S> {
    pub(crate) fn new(stream: S, mut stop: watch::Receiver<bool>) -> Self {
        let over = async move {
            tokio::select! {
                () = tokio::time::sleep(OPENING_LIMIT) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        };
        Self {
            stream,
            read: 0,
            over: Some(Box::pin(over)),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PrefaceTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        let Some(over) = &mut this.over else {
            return polled;
        };
        this.read += buf.filled().len() - before;
        if this.read >= BEGUN {
            this.over = None;
        } else if polled.is_pending() && over.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PrefaceTimeout<S> {
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
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::{Instant, timeout};

    use super::*;

    fn opening() -> (PrefaceTimeout<DuplexStream>, DuplexStream, watch::Sender<bool>) {
        let (ours, theirs) = duplex(1024);
        let stop = watch::Sender::new(false);
        (PrefaceTimeout::new(ours, stop.subscribe()), theirs, stop)
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_or_too_little_is_not_waited_for() {
        for said in [0, BEGUN - 1] {
            let (mut ours, mut theirs, _stop) = opening();
            theirs.write_all(&vec![0; said]).await.unwrap();
            let begun = Instant::now();
            let error = ours.read_exact(&mut [0; BEGUN]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            assert_eq!(begun.elapsed().as_secs(), OPENING_LIMIT.as_secs());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_begun_has_all_the_time() {
        let (mut ours, mut theirs, stop) = opening();
        theirs.write_all(&[0; BEGUN]).await.unwrap();
        ours.read_exact(&mut [0; BEGUN]).await.unwrap();
        stop.send_replace(true);
        let silence = timeout(OPENING_LIMIT * 10, ours.read_u8()).await;
        assert!(silence.is_err(), "{silence:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_the_program_is_the_end_of_who_has_not_begun() {
        let (mut ours, mut theirs, stop) = opening();
        theirs.write_all(&[7]).await.unwrap();
        stop.send_replace(true);
        assert_eq!(ours.read_u8().await.unwrap(), 7, "what is there is read");
        let begun = Instant::now();
        assert!(ours.read_u8().await.is_err());
        assert_eq!(begun.elapsed().as_secs(), 0);
    }
}
