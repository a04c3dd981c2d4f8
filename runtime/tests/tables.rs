//! The tables of extractors and replies in the docs, held against the trait implementations. `BLESS=1` writes them anew.

#![cfg(feature = "protobuf")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::marker::PhantomData;
use std::path::Path;

use centrifugo::event::{EventKind, HasPattern, Kind, markers};
use centrifugo::extract::{Incoming, Labels, MapKey, OptionalFromEvent};
use centrifugo::proto::proxy;
use centrifugo::reply::OpenedStream;
use centrifugo::{
    Channel, Connection, Data, Extension, FromEvent, IntoReply, Json, Meta, Metadata, Method, Protobuf,
    Scoped, State, UserId, reply,
};

struct Made;

#[centrifugo::scoped]
fn made() -> Made {
    Made
}

/// `Takes<K, X>::HAS` is the first one where its bound holds, and else that of `Fallback`: the compiler decides.
struct Takes<K, X>(PhantomData<(K, X)>);
struct TakesOption<K, X>(PhantomData<(K, X)>);
struct Returns<K, R>(PhantomData<(K, R)>);
struct Binds<K>(PhantomData<K>);

trait Fallback {
    const HAS: bool = false;
}

impl<T> Fallback for T {}

impl<K: EventKind, X: FromEvent<K>> Takes<K, X> {
    const HAS: bool = true;
}

impl<K: EventKind, X: OptionalFromEvent<K>> TakesOption<K, X> {
    const HAS: bool = true;
}

impl<K: EventKind, R: IntoReply<K>> Returns<K, R> {
    const HAS: bool = true;
}

impl<K: HasPattern> Binds<K> {
    const HAS: bool = true;
}

const KINDS: usize = Kind::ALL.len();

/// For each kind, in the order of `Kind::ALL`.
macro_rules! each_kind {
    ($probe:ident $(, $what:ty)?) => {
        [
            $probe::<markers::Connect $(, $what)?>::HAS,
            $probe::<markers::Refresh $(, $what)?>::HAS,
            $probe::<markers::Subscribe $(, $what)?>::HAS,
            $probe::<markers::Publish $(, $what)?>::HAS,
            $probe::<markers::SubRefresh $(, $what)?>::HAS,
            $probe::<markers::Rpc $(, $what)?>::HAS,
            $probe::<markers::NotifyChannelState $(, $what)?>::HAS,
            $probe::<markers::NotifyCacheEmpty $(, $what)?>::HAS,
            $probe::<markers::MapPublish $(, $what)?>::HAS,
            $probe::<markers::MapRemove $(, $what)?>::HAS,
            $probe::<markers::SharedPollRefresh $(, $what)?>::HAS,
            $probe::<markers::SubscribeStream $(, $what)?>::HAS,
        ]
    };
}

macro_rules! own_messages {
    ($probe:ident, $message:ident: $($kind:ident)*) => {
        [$(($probe::<markers::$kind, <markers::$kind as EventKind>::$message>::HAS, short(std::any::type_name::<<markers::$kind as EventKind>::$message>()))),*]
    };
}

macro_rules! all_own_messages {
    ($probe:ident, $message:ident) => {
        own_messages!($probe, $message: Connect Refresh Subscribe Publish SubRefresh Rpc NotifyChannelState NotifyCacheEmpty MapPublish MapRemove SharedPollRefresh SubscribeStream)
    };
}

fn short(type_name: &str) -> &str {
    type_name.rsplit("::").next().unwrap_or(type_name)
}

struct Extractor {
    label: &'static str,
    kinds: [bool; KINDS],
    option: [bool; KINDS],
}

macro_rules! extractors {
    ($($label:literal: $ty:ty;)*) => {
        vec![$(Extractor { label: $label, kinds: each_kind!(Takes, $ty), option: each_kind!(TakesOption, $ty) }),*]
    };
}

macro_rules! replies {
    ($($label:literal: $ty:ty;)*) => { vec![$(($label, each_kind!(Returns, $ty))),*] };
}

fn extractors() -> Vec<Extractor> {
    let mut extractors = extractors! {
        "[`UserId<T>`](crate::UserId)": UserId;
        "[`Connection`](crate::Connection)": Connection;
        "[`Json<T>`](crate::Json)": Json<u8>;
        "[`Data`](crate::Data)": Data;
        "`Protobuf<T>`": Protobuf<proxy::Error>;
        "[`Meta<T>`](crate::Meta)": Meta<u8>;
        "[`Labels`](crate::extract::Labels)": Labels;
        "[`Channel`](crate::Channel)": Channel;
        "[`Method`](crate::Method)": Method;
        "[`MapKey`](crate::extract::MapKey)": MapKey;
        "[`Incoming`](crate::extract::Incoming)": Incoming;
        "[`Metadata`](crate::Metadata)": Metadata;
        "[`State<T>`](struct@crate::State)": State<u8>;
        "[`Scoped<T>`](crate::Scoped)": Scoped<Made>;
        "[`Extension<T>`](crate::Extension)": Extension<u8>;
        "[`Api`](struct@crate::Api)": centrifugo::Api;
    };
    extractors.insert(
        7,
        Extractor {
            label: "[a `{name}`](trait@crate::FromParam)",
            kinds: each_kind!(Binds),
            option: [false; KINDS],
        },
    );
    extractors
}

fn extractor_table() -> String {
    let all = extractors();
    let own = all_own_messages!(Takes, Request);
    assert!(own.iter().all(|(has, _)| *has), "every event has its own message");
    let (everywhere, some): (Vec<_>, Vec<_>) = all
        .iter()
        .partition(|extractor| !extractor.kinds.contains(&false));
    let mut columns: Vec<(Vec<&str>, [bool; KINDS])> = Vec::new();
    for extractor in some {
        match columns.iter_mut().find(|(_, kinds)| *kinds == extractor.kinds) {
            Some((labels, _)) => labels.push(extractor.label),
            None => columns.push((vec![extractor.label], extractor.kinds)),
        }
    }
    let mut text = String::from("| event |");
    for (labels, _) in &columns {
        text.push_str(&format!(" {} |", labels.join(", ")));
    }
    text.push_str(" its message |\n|---|");
    text.push_str(&":-:|".repeat(columns.len()));
    text.push_str("---|\n");
    for (index, kind) in Kind::ALL.into_iter().enumerate() {
        text.push_str(&format!("| {kind} |"));
        for (_, kinds) in &columns {
            text.push_str(if kinds[index] { " ✓ |" } else { " |" });
        }
        let message = own[index].1;
        text.push_str(&format!(" [`{message}`](crate::proto::proxy::{message}) |\n"));
    }
    let labels = |extractors: &mut dyn Iterator<Item = &Extractor>| {
        extractors
            .map(|extractor| extractor.label)
            .collect::<Vec<_>>()
            .join(", ")
    };
    for extractor in &all {
        assert!(
            extractor.option == extractor.kinds || !extractor.option.contains(&true),
            "`Option` of {} is there for some of its events",
            extractor.label
        );
    }
    text.push_str(&format!(
        "\nEvery event: {}.\n",
        labels(&mut everywhere.into_iter())
    ));
    text.push_str(&format!(
        "\nAlso as `Option<X>`: {}.\n",
        labels(&mut all.iter().filter(|extractor| extractor.option.contains(&true)))
    ));
    text
}

fn reply_table() -> String {
    let replies = replies! {
        "[`reply::Connect`](crate::reply::Connect)": reply::Connect;
        "[`reply::Refresh`](crate::reply::Refresh)": reply::Refresh;
        "[`reply::Subscribe`](crate::reply::Subscribe)": reply::Subscribe;
        "[`reply::Publish`](crate::reply::Publish)": reply::Publish;
        "[`reply::SubRefresh`](crate::reply::SubRefresh)": reply::SubRefresh;
        "[`reply::CacheEmpty`](crate::reply::CacheEmpty)": reply::CacheEmpty;
        "[`reply::MapPublish`](crate::reply::MapPublish)": reply::MapPublish;
        "[`reply::MapRemove`](crate::reply::MapRemove)": reply::MapRemove;
        "[`reply::SharedPoll`](crate::reply::SharedPoll)": reply::SharedPoll;
        "[`reply::Stream`](crate::reply::Stream)": reply::Stream;
        "[`OpenedStream`](crate::reply::OpenedStream)": OpenedStream;
        "[`Json<T>`](crate::Json)": Json<u8>;
        "[`Data`](crate::Data)": Data;
        "`Protobuf<T>`": Protobuf<proxy::Error>;
        "`()`": ();
    };
    for (label, kinds) in &replies {
        assert!(kinds.contains(&true), "{label} is no reply");
    }
    let own = all_own_messages!(Returns, Result);
    let mut text = String::from("| event | replies |\n|---|---|\n");
    for (index, kind) in Kind::ALL.into_iter().enumerate() {
        let mut fits: Vec<String> = replies
            .iter()
            .filter(|(_, kinds)| kinds[index])
            .map(|(label, _)| (*label).to_owned())
            .collect();
        if let (true, message) = own[index] {
            fits.push(format!("[`{message}`](crate::proto::proxy::{message})"));
        }
        text.push_str(&format!("| {kind} | {} |\n", fits.join(", ")));
    }
    text
}

fn hold(file: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/tables")
        .join(file);
    if std::env::var_os("BLESS").is_some_and(|value| value != "0") {
        std::fs::write(&path, table).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        known, table,
        "{file} is not what the traits say: run with BLESS=1"
    );
}

#[test]
fn the_macro_lists_all_kinds_in_their_order() {
    const LISTED: [Kind; KINDS] = [
        markers::Connect::KIND,
        markers::Refresh::KIND,
        markers::Subscribe::KIND,
        markers::Publish::KIND,
        markers::SubRefresh::KIND,
        markers::Rpc::KIND,
        markers::NotifyChannelState::KIND,
        markers::NotifyCacheEmpty::KIND,
        markers::MapPublish::KIND,
        markers::MapRemove::KIND,
        markers::SharedPollRefresh::KIND,
        markers::SubscribeStream::KIND,
    ];
    assert_eq!(LISTED, Kind::ALL);
}

// The probes tell yes from no.
const _: () = {
    assert!(Takes::<markers::Subscribe, Channel>::HAS && !Takes::<markers::Rpc, Channel>::HAS);
    assert!(Returns::<markers::Rpc, ()>::HAS && !Returns::<markers::Subscribe, ()>::HAS);
    assert!(Binds::<markers::Rpc>::HAS && !Binds::<markers::Connect>::HAS);
};

#[test]
fn the_table_of_extractors_is_what_the_traits_say() {
    hold("extractors.md", &extractor_table());
}

#[test]
fn the_table_of_replies_is_what_the_traits_say() {
    hold("replies.md", &reply_table());
}
