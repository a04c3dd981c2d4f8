//! The messages for the page as server-sent events.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::sync::mpsc;

use crate::dev::hub::Hub;

/// Messages that are written at once.
const MAX_BATCH: usize = 500;
/// How long a connection is silent at most.
const PING_INTERVAL: Duration = Duration::from_secs(15);

/// The body of a response that never ends.
pub(super) struct EventBody(mpsc::Receiver<Bytes>);

impl EventBody {
    /// Sends the messages after a number, and all that come later.
    pub(super) fn after(number: u64, hub: Arc<Hub>) -> Self {
        let (sender, receiver) = mpsc::channel(2);
        tokio::spawn(send(number, hub, sender));
        Self(receiver)
    }
}

async fn send(mut number: u64, hub: Arc<Hub>, sender: mpsc::Sender<Bytes>) {
    let mut newest = hub.newest();
    // The browser sees at once that it is connected.
    let mut text = ": connected\n\n".to_owned();
    loop {
        newest.mark_unchanged();
        for (next, message) in hub.after(number, MAX_BATCH) {
            number = next;
            let _ = write!(text, "id: {next}\ndata: {message}\n\n");
        }
        if !text.is_empty() {
            if sender.send(std::mem::take(&mut text).into()).await.is_err() {
                return;
            }
            continue;
        }
        tokio::select! {
            changed = newest.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = tokio::time::sleep(PING_INTERVAL) => text.push_str(": ping\n\n"),
            () = sender.closed() => return,
        }
    }
}

impl Body for EventBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(context)
            .map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
