//! The body of a request, which records when it is sent.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::publish_batch::PublishBatch;
use crate::api::transport::attempt_progress::AttemptProgress;
use crate::api::transport::connection_activity::ConnectionActivity;

pub(super) enum RequestBody {
    /// A single call.
    Single(Option<Bytes>, AttemptProgress),
    /// A batch. Its calls are chosen when the body is sent, since some may have been cancelled.
    Batch(Option<PublishBatch>),
}

impl RequestBody {
    /// Sets the connection that the calls are about to be sent on.
    pub(super) fn attach(&self, activity: &Arc<ConnectionActivity>) {
        match self {
            Self::Single(_, progress) => progress.attach(activity),
            Self::Batch(batch) => batch.iter().for_each(|batch| batch.attach(activity)),
        }
    }

    fn take(&mut self) -> Option<Bytes> {
        match self {
            Self::Single(data, progress) => data.take().filter(|_| progress.start()),
            Self::Batch(batch) => batch.take().map(|batch| batch.start()),
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Single(None, _) | Self::Batch(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Single(data, _) => SizeHint::with_exact(data.as_ref().map_or(0, |data| data.len() as u64)),
            Self::Batch(_) => SizeHint::default(),
        }
    }
}
