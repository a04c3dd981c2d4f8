//! The history of a channel, also page by page.

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
    /// Returns publications of a channel and the position of its stream. The namespace needs a history.
    ///
    /// Without [`limit`](Call::limit) or [`all`](Call::all) the answer has the position only.
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

    /// Removes the publications of a channel. The position of its stream stays.
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
    /// Limits the number of publications.
    pub fn limit(self, publications: u32) -> Self {
        self.set(|request| request.limit = i32::try_from(publications).unwrap_or(i32::MAX))
    }

    /// Returns all publications.
    pub fn all(self) -> Self {
        self.set(|request| request.limit = -1)
    }

    /// Returns publications after this position, or before it with [`reverse`](Self::reverse).
    pub fn since(self, offset: u64, epoch: impl Into<String>) -> Self {
        let epoch = epoch.into();
        self.set(|request| request.since = Some(StreamPosition { offset, epoch }))
    }

    /// Returns the newest publications first.
    pub fn reverse(self) -> Self {
        self.set(|request| request.reverse = true)
    }

    /// Returns the history in pages of up to `len` publications (at least one), which are requested one at a time.
    ///
    /// No publication is left out, and publications that are added meanwhile are included. If the history no longer
    /// holds the publications after a page, the next page fails with code 112 (unrecoverable position). With
    /// [`reverse`](Self::reverse) the pages end there instead.
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

/// The pages of a history, as a [`Stream`]. It ends after the last page or an error.
#[must_use = "a page is asked for when it is wanted"]
pub struct Pages {
    next: Option<Call<History>>,
    under_way: Option<UnderWay>,
}

struct UnderWay {
    answer: BoxFuture<'static, Result<HistoryResult, Error>>,
    /// The call for the page after this one.
    after: Option<Call<History>>,
}

impl Pages {
    /// Returns the next page, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// If the call for the page fails. It is the last page then.
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

/// Returns whether publications between the position and the page are no longer in the history. Centrifugo reports
/// this only if the epoch differs.
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
    // If nothing is left, the position of the stream decides.
    let end = first.map_or(page.offset, |publication| publication.offset.saturating_sub(1));
    end > since.offset
}

/// Returns the error of Centrifugo for a position that it cannot continue from.
fn lost() -> Error {
    let error = centrifugo_proto::api::Error {
        code: 112,
        message: "unrecoverable position".into(),
    };
    Error::answered(History::NAMES.name, error)
}

/// Returns the call for the page after this one, if there is one.
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

    /// Answers with a history that has these offsets.
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
    async fn fails_if_the_history_dropped_publications_between_two_pages() {
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
