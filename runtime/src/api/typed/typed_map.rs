//! The state and the changes of a map channel whose items have a type.

use std::collections::BTreeMap;

use centrifugo_proto::api::{MapEntry, MapReadStateResult, MapReadStreamResult};
use serde::de::DeserializeOwned;

use super::typed_call::{TypedCall, TypedMethod, read_data};
use crate::api::error::Error;
use crate::api::methods::Method;
use crate::api::methods::method::{MapReadState, MapReadStream};

/// A page of the keys and values of a map channel whose items are `T`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TypedMapState<T> {
    /// The entries.
    pub entries: Vec<TypedMapEntry<T>>,
    /// The offset of the newest change in the stream.
    pub offset: u64,
    /// The epoch of the stream.
    pub epoch: String,
    /// The cursor of the next page. It is empty on the last page.
    pub cursor: String,
}

/// Changes of a map channel whose items are `T`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TypedMapStream<T> {
    /// The changes.
    pub entries: Vec<TypedMapEntry<T>>,
    /// The offset of the newest change in the stream.
    pub offset: u64,
    /// The epoch of the stream.
    pub epoch: String,
}

/// A key of a map channel whose items are `T`, or a change of one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TypedMapEntry<T> {
    /// The key.
    pub key: String,
    /// The data. There is none if the change removes the key.
    pub data: Option<T>,
    /// The tags.
    pub tags: BTreeMap<String, String>,
    /// The offset of the change in the stream.
    pub offset: u64,
    /// The position in an ordered map.
    pub score: i64,
    /// Whether the change removes the key.
    pub removed: bool,
    /// The time of the change, in Unix milliseconds.
    pub time: i64,
}

fn entries<M: Method, T: DeserializeOwned>(entries: Vec<MapEntry>) -> Result<Vec<TypedMapEntry<T>>, Error> {
    let typed = |entry: MapEntry| {
        let place = format_args!("of the key `{}`", entry.key).to_string();
        let data = if entry.removed {
            None
        } else {
            Some(read_data::<M, T>(&entry.data, place)?)
        };
        Ok(TypedMapEntry {
            key: entry.key,
            data,
            tags: entry.tags,
            offset: entry.offset,
            score: entry.score,
            removed: entry.removed,
            time: entry.time,
        })
    };
    entries.into_iter().map(typed).collect()
}

impl TypedMethod for MapReadState {
    type TypedOutput<T> = TypedMapState<T>;

    fn typed_output<T: DeserializeOwned>(state: MapReadStateResult) -> Result<TypedMapState<T>, Error> {
        Ok(TypedMapState {
            entries: entries::<Self, T>(state.entries)?,
            offset: state.offset,
            epoch: state.epoch,
            cursor: state.cursor,
        })
    }
}

impl TypedMethod for MapReadStream {
    type TypedOutput<T> = TypedMapStream<T>;

    fn typed_output<T: DeserializeOwned>(stream: MapReadStreamResult) -> Result<TypedMapStream<T>, Error> {
        Ok(TypedMapStream {
            entries: entries::<Self, T>(stream.entries)?,
            offset: stream.offset,
            epoch: stream.epoch,
        })
    }
}

impl<T> TypedCall<MapReadState, T> {
    /// Starts the page at this cursor: the `cursor` of the page before.
    pub fn cursor(self, cursor: impl Into<String>) -> Self {
        self.set(|call| call.cursor(cursor))
    }

    /// Limits the number of entries.
    pub fn limit(self, limit: u32) -> Self {
        self.set(|call| call.limit(limit))
    }

    /// Reads only this key.
    pub fn key(self, key: impl Into<String>) -> Self {
        self.set(|call| call.key(key))
    }

    /// Reads in ascending order.
    pub fn ascending(self) -> Self {
        self.set(|call| call.ascending())
    }

    /// Reads the state at this position, which is the one of the first page, so that the pages are consistent.
    pub fn revision(self, offset: u64, epoch: impl Into<String>) -> Self {
        self.set(|call| call.revision(offset, epoch))
    }
}

impl<T> TypedCall<MapReadStream, T> {
    /// Reads only changes after this position.
    pub fn since(self, offset: u64, epoch: impl Into<String>) -> Self {
        self.set(|call| call.since(offset, epoch))
    }

    /// Limits the number of changes.
    pub fn limit(self, limit: u32) -> Self {
        self.set(|call| call.limit(limit))
    }

    /// Reads the newest changes first.
    pub fn reverse(self) -> Self {
        self.set(|call| call.reverse())
    }
}
