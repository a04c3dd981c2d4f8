//! The body of a request, which records when it is sent.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::gather::Group;
use crate::api::transport::Progress;
use crate::api::transport::activity::Activity;

pub(super) enum Outgoing {
    /// A single call.
    One(Option<Bytes>, Progress),
    /// A batch. Its calls are chosen when the body is sent, since some may have been given up.
    Together(Option<Group>),
}

impl Outgoing {
    /// Sets the connection that the calls are about to be sent on.
    pub(super) fn attach(&self, activity: &Arc<Activity>) {
        match self {
            Self::One(_, progress) => progress.attach(activity),
            Self::Together(group) => group.iter().for_each(|group| group.attach(activity)),
        }
    }

    fn take(&mut self) -> Option<Bytes> {
        match self {
            Self::One(data, progress) => data.take().filter(|_| progress.start()),
            Self::Together(group) => group.take().map(|group| group.start()),
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::One(None, _) | Self::Together(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::One(data, _) => SizeHint::with_exact(data.as_ref().map_or(0, |data| data.len() as u64)),
            Self::Together(_) => SizeHint::default(),
        }
    }
}
