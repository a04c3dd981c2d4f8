//! A backend like a chat, whose data has all shapes that serde and schemars know.

#![allow(dead_code, reason = "only the schemas of the types are used")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use centrifugo::{Data, Error, Json, ReplyError, UserId, reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who connects.
///
/// With `code`, a "quote", and an empty line:
///
/// - one
/// - two
#[derive(Deserialize, JsonSchema)]
struct Login {
    user: String,
    #[serde(default, rename = "device-id")]
    device: Option<u64>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum External {
    Unit,
    NewType(Box<External>),
    Tuple(u8, String),
    Struct { some_field: bool },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
enum Internal {
    /// Nothing else.
    Unit,
    Struct {
        text: String,
    },
    NewType(Nested),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    NewType(u8),
    Tuple(i64, f32),
    Struct { text: Option<String> },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Number(f64),
    Text(String),
    Both { number: f64, text: String },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nested {
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^\w+$"))]
    name: String,
    #[schemars(range(min = 1, max = 10))]
    count: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Wrapped(String);

#[derive(Serialize, Deserialize, JsonSchema)]
struct UnitStruct;

#[derive(Serialize, Deserialize, JsonSchema)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Page<T>>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Shapes {
    external: External,
    internal: Internal,
    adjacent: Adjacent,
    untagged: Option<Untagged>,
    map: HashMap<String, Nested>,
    numbers: BTreeMap<u32, Vec<Wrapped>>,
    set: HashSet<String>,
    pair: (u8, Option<String>),
    array: [i16; 3],
    unit: (),
    unit_struct: UnitStruct,
    any: serde_json::Value,
    char: char,
    big: u128,
    non_zero: std::num::NonZeroU8,
    duration: Duration,
    result: Result<u8, String>,
    bytes: Vec<u8>,
    #[serde(flatten)]
    flat: Nested,
    #[serde(skip)]
    skipped: u8,
    #[serde(rename = "$ref")]
    reference: String,
    /// An old field.
    #[deprecated]
    old: Option<bool>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Line {
    text: String,
    kind: Option<Internal>,
}

#[derive(Deserialize, JsonSchema)]
struct NewLine {
    text: String,
}

#[derive(Debug, ReplyError)]
enum AppError {
    /// Nobody has this number.
    #[reply(error = 404, message = "no such user")]
    NoSuchUser,
    #[reply(error = 1001, message = "slow down", temporary)]
    Busy,
    #[reply(disconnect = 4501, reason = "banned")]
    Banned,
}

/// A room of the chat.
#[centrifugo::channel("chat:{room}", publication = Line, presence, history_size = 100, history_ttl = "1h")]
struct Chat {
    room: u32,
}

#[centrifugo::channel("scores:{game}:{rest*}", item = Page<Adjacent>, subscription_type = "map", map.mode = "ephemeral", map.key_ttl = "5m")]
struct Scores {
    game: String,
    rest: String,
}

#[centrifugo::connect]
fn connect(Json(login): Json<Login>) -> Result<reply::Connect, AppError> {
    Ok(reply::Connect::user(login.user))
}

#[centrifugo::subscribe(channel = Chat)]
fn join(_chat: Chat, _user: UserId) -> Result<reply::Subscribe, AppError> {
    Ok(reply::Subscribe::allow())
}

/// Says something in a room.
#[centrifugo::publish(channel = Chat)]
fn say(_chat: Chat, Json(line): Json<NewLine>) -> Result<reply::Publish<Line>, AppError> {
    let line = Line {
        text: line.text,
        kind: None,
    };
    Ok(reply::Publish::typed(&line))
}

#[centrifugo::subscribe(channel = "news:*")]
fn news() -> reply::Subscribe {
    reply::Subscribe::allow()
}

/// Returns the shapes.
#[centrifugo::rpc("shapes/{name}")]
fn shapes(name: String, Json(_): Json<Page<Shapes>>) -> Result<Json<Page<Shapes>>, Error> {
    Err(Error::internal(name))
}

#[centrifugo::rpc("pair")]
fn pair(Json(pair): Json<(u8, Untagged)>) -> Json<(Untagged, u8)> {
    let (a, b) = pair;
    Json((b, a))
}

#[centrifugo::rpc("files/{path*}")]
fn bytes(path: String, data: Data) -> Result<Data, AppError> {
    if path.is_empty() {
        Err(AppError::NoSuchUser)
    } else {
        Ok(data)
    }
}

#[centrifugo::rpc("nothing")]
fn nothing() {}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
