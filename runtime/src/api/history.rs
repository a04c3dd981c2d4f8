//! What was published in a channel, page by page.

use std::fmt;
use std::future::{IntoFuture as _, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use centrifugo_proto::api::{HistoryRequest, HistoryResult, StreamPosition};
use futures_core::Stream;
use futures_core::future::BoxFuture;

use super::call::Call;
use super::client::Client;
use super::error::Error;
use super::methods::Method as _;
use super::methods::method::{History, HistoryRemove};

impl Client {
    /// What was published in a channel whose namespace keeps a history, and the position of its stream. Without
    /// [`limit`](Call::limit) or [`all`](Call::all), only the position.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let history = api.history("chat:1").limit(10).reverse().await?;
    /// for publication in &history.publications {
    ///     println!("{}: {}", publication.offset, publication.json::<String>()?);
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn history(&self, channel: impl Into<String>) -> Call<History> {
        self.call(HistoryRequest {
            channel: channel.into(),
            ..Default::default()
        })
    }

    /// Removes what was published in a channel. The position of its stream stays.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.history_remove("chat:1").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn history_remove(&self, channel: impl Into<String>) -> Call<HistoryRemove> {
        self.call(centrifugo_proto::api::HistoryRemoveRequest {
            channel: channel.into(),
        })
    }
}

impl Call<History> {
    /// At most this many publications.
    pub fn limit(self, publications: u32) -> Self {
        self.set(|request| request.limit = i32::try_from(publications).unwrap_or(i32::MAX))
    }

    /// All publications.
    pub fn all(self) -> Self {
        self.set(|request| request.limit = -1)
    }

    /// Those after this position; before it, with [`reverse`](Self::reverse).
    pub fn since(self, offset: u64, epoch: impl Into<String>) -> Self {
        let epoch = epoch.into();
        self.set(|request| request.since = Some(StreamPosition { offset, epoch }))
    }

    /// Newest first.
    pub fn reverse(self) -> Self {
        self.set(|request| request.reverse = true)
    }

    /// The same as pages of at most `len` publications (at least one), each asked for when it is wanted. What is published
    /// meanwhile comes too, and none is left out: a page fails with code 112 (unrecoverable position) when the history no
    /// longer holds what follows the page before it. With [`reverse`](Self::reverse) the pages just end there.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let mut pages = api.history("chat:1").pages(100);
    /// while let Some(page) = pages.next().await {
    ///     println!("{} publications", page?.publications.len());
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn pages(self, len: u32) -> Pages {
        Pages {
            next: Some(self.limit(len.max(1))),
            under_way: None,
        }
    }
}

/// Pages of a history; also a [`Stream`]. It ends after the last page and after an error.
#[must_use = "a page is asked for when it is wanted"]
pub struct Pages {
    next: Option<Call<History>>,
    under_way: Option<UnderWay>,
}

struct UnderWay {
    answer: BoxFuture<'static, Result<HistoryResult, Error>>,
    /// The same call again, for the page after.
    after: Option<Call<History>>,
}

impl Pages {
    /// The next page; nothing after the last one.
    ///
    /// # Errors
    ///
    /// As the call for one page; it is the last then.
    pub async fn next(&mut self) -> Option<Result<HistoryResult, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<HistoryResult, Error>>> {
        if self.under_way.is_none() {
            let Some(call) = self.next.take() else {
                return Poll::Ready(None);
            };
            let after = Call {
                client: call.client.clone(),
                request: call.request.clone(),
                timeout: call.timeout,
            };
            self.under_way = Some(UnderWay {
                answer: call.into_future(),
                after: Some(after),
            });
        }
        let Some(under_way) = &mut self.under_way else {
            return Poll::Ready(None);
        };
        let page = ready!(under_way.answer.as_mut().poll(cx));
        let after = under_way.after.take();
        self.under_way = None;
        Poll::Ready(Some(page.and_then(|page| {
            if after.as_ref().is_some_and(|call| leaves_out(call, &page)) {
                return Err(lost());
            }
            self.next = after.and_then(|call| following(call, &page));
            Ok(page)
        })))
    }
}

/// Whether something followed the position that the page begins at, and is no longer there. Centrifugo itself does not say
/// so, except where the epoch is another one.
fn leaves_out(call: &Call<History>, page: &HistoryResult) -> bool {
    let Some(since) = call
        .request
        .as_ref()
        .ok()
        .filter(|request| !request.reverse)
        .and_then(|request| request.since.as_ref())
    else {
        return false;
    };
    let first = page.publications.first();
    // With nothing left, the stream's own position tells.
    let end = first.map_or(page.offset, |publication| publication.offset.saturating_sub(1));
    end > since.offset
}

/// What Centrifugo answers about a position that it can't go on from.
fn lost() -> Error {
    let error = centrifugo_proto::api::Error {
        code: 112,
        message: "unrecoverable position".into(),
    };
    Error::answered(History::NAMES.name, error)
}

/// The call for the page after this one, if there is any.
fn following(call: Call<History>, page: &HistoryResult) -> Option<Call<History>> {
    let request = call.request.as_ref().ok()?;
    let last = page.publications.last()?;
    let is_full = i32::try_from(page.publications.len()).is_ok_and(|len| len >= request.limit);
    let is_last = if request.reverse {
        last.offset <= 1
    } else {
        last.offset >= page.offset
    };
    let moves = request
        .since
        .as_ref()
        .is_none_or(|since| since.offset != last.offset);
    (is_full && !is_last && moves).then(|| call.since(last.offset, page.epoch.clone()))
}

impl Stream for Pages {
    type Item = Result<HistoryResult, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use centrifugo_proto::api::{HistoryRequest, HistoryResult, Publication};

    use crate::api::method;
    use crate::testing::Api;

    /// A history with these offsets, whatever is asked for.
    fn fixed(offsets: &'static [u64], end: u64) -> impl FnMut(HistoryRequest) -> HistoryResult + Send {
        move |request| {
            let since = request.since.map_or(0, |since| since.offset);
            let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
            let publications = offsets.iter().filter(|offset| **offset > since).take(limit);
            HistoryResult {
                publications: publications
                    .map(|offset| Publication {
                        offset: *offset,
                        ..Default::default()
                    })
                    .collect(),
                offset: end,
                epoch: "e".into(),
            }
        }
    }

    #[tokio::test]
    async fn what_the_history_dropped_between_two_pages_is_told() {
        for (later, end) in [(&[5, 6][..], 6), (&[][..], 4)] {
            let fake = Api::new();
            let (mut first, mut then) = (fixed(&[1, 2, 3], 3), fixed(later, end));
            fake.on::<method::History>(move |request| {
                Ok(if request.since.is_none() {
                    first(request)
                } else {
                    then(request)
                })
            });
            let mut pages = fake.client().history("c").pages(2);
            assert_eq!(pages.next().await.unwrap().unwrap().publications.len(), 2);
            let error = pages.next().await.unwrap().unwrap_err();
            assert_eq!((error.code(), error.method()), (Some(112), "History"));
            assert!(pages.next().await.is_none());
        }
    }
}
