//! What was published in a channel, page by page.

use std::fmt;
use std::future::{IntoFuture as _, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use centrifugo_proto::api::{HistoryRequest, HistoryResult, StreamPosition};
use futures_core::Stream;

use super::call::Call;
use super::client::Client;
use super::error::Error;
use super::schema::method::{History, HistoryRemove};
use crate::state::BoxFuture;

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

    /// The same as pages of at most `len` publications (at least one), each asked for when it is wanted. A page fails
    /// with code 112 when the history no longer holds the place where the page before it ended.
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
    answer: BoxFuture<Result<HistoryResult, Error>>,
    /// The same call again, for the page after.
    after: Option<Call<History>>,
}

impl Pages {
    /// The next page; nothing after the last one.
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
        Poll::Ready(match page {
            Ok(page) => {
                self.next = after.and_then(|call| following(call, &page));
                Some(Ok(page))
            }
            Err(error) => Some(Err(error)),
        })
    }
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
