//! The history of a channel type.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use centrifugo_proto::api::{ClientInfo, HistoryResult, Publication};
use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::typed_call::{TypedCall, TypedMethod, read_data};
use crate::api::error::Error;
use crate::api::history::Pages;
use crate::api::methods::method::History;

/// The history of a channel whose publications are `T`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TypedHistory<T> {
    /// The publications.
    pub publications: Vec<TypedPublication<T>>,
    /// The offset of the newest publication in the stream.
    pub offset: u64,
    /// The epoch of the stream.
    pub epoch: String,
}

/// A publication of a channel whose publications are `T`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TypedPublication<T> {
    /// The data.
    pub data: T,
    /// The offset in the stream.
    pub offset: u64,
    /// The tags.
    pub tags: BTreeMap<String, String>,
    /// The client that published, if it was a client.
    pub info: Option<ClientInfo>,
}

impl TypedMethod for History {
    type TypedOutput<T> = TypedHistory<T>;

    fn typed_output<T: DeserializeOwned>(history: HistoryResult) -> Result<TypedHistory<T>, Error> {
        let typed = |publication: Publication| {
            Ok(TypedPublication {
                data: read_data::<Self, T>(
                    &publication.data,
                    format_args!("of the publication at offset {}", publication.offset),
                )?,
                offset: publication.offset,
                tags: publication.tags,
                info: publication.info,
            })
        };
        Ok(TypedHistory {
            publications: history
                .publications
                .into_iter()
                .map(typed)
                .collect::<Result<_, _>>()?,
            offset: history.offset,
            epoch: history.epoch,
        })
    }
}

impl<T> TypedCall<History, T> {
    /// Limits the number of publications.
    pub fn limit(self, publications: u32) -> Self {
        self.set(|call| call.limit(publications))
    }

    /// Returns all publications.
    pub fn all(self) -> Self {
        self.set(|call| call.all())
    }

    /// Returns publications after this position, or before it with [`reverse`](Self::reverse).
    pub fn since(self, offset: u64, epoch: impl Into<String>) -> Self {
        self.set(|call| call.since(offset, epoch))
    }

    /// Returns the newest publications first.
    pub fn reverse(self) -> Self {
        self.set(|call| call.reverse())
    }

    /// Returns the history in pages of up to `len` publications (at least one); see
    /// [`Call::pages`](crate::api::Call::pages).
    pub fn pages(self, len: u32) -> TypedPages<T> {
        TypedPages {
            pages: self.untyped().pages(len),
            data_type: PhantomData,
        }
    }
}

/// The pages of a history, as a [`Stream`]. It ends after the last page or an error of the call.
///
/// A page with data that is not a `T` is an error, and the pages after it follow.
#[must_use = "a page is asked for when it is wanted"]
pub struct TypedPages<T> {
    pages: Pages,
    data_type: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> TypedPages<T> {
    /// Returns the next page, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// If the call for the page fails, or the page has data that is not a `T`.
    pub async fn next(&mut self) -> Option<Result<TypedHistory<T>, Error>> {
        let page = self.pages.next().await?;
        Some(page.and_then(History::typed_output))
    }
}

impl<T: DeserializeOwned> Stream for TypedPages<T> {
    type Item = Result<TypedHistory<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = Pin::new(&mut self.get_mut().pages).poll_next(cx);
        page.map(|page| page.map(|page| page.and_then(History::typed_output)))
    }
}

impl<T> fmt::Debug for TypedPages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedPages").finish_non_exhaustive()
    }
}
