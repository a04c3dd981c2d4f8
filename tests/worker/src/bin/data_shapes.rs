//! Handlers and channel types whose data has all shapes that serde and schemars know, and names that are difficult in other
//! languages. The client in TypeScript of this program is in `tests/worker/golden`.

#![allow(dead_code, reason = "the types are described and never read")]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use centrifugo::extract::Incoming;
use centrifugo::{Data, Error, Json, ReplyError, reply};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use tokio_stream::StreamExt as _;

/// A moment, as text.
#[derive(Deserialize, Serialize)]
struct Timestamp(String);

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// Bytes, as text.
#[derive(Deserialize, Serialize)]
struct Base64(String);

impl JsonSchema for Base64 {
    fn schema_name() -> Cow<'static, str> {
        "Base64".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "contentEncoding": "base64" })
    }
}

/// Fields of all kinds.
///
/// The second paragraph ends with */ alert(1) /* and goes on.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Fields {
    boolean: bool,
    byte: u8,
    large: u64,
    float: f64,
    character: char,
    text: String,
    unit: (),
    /// May be null.
    optional: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u32>,
    /// Has a default.
    #[serde(default = "ten")]
    with_default: u32,
    #[serde(rename = "renamed-field")]
    renamed: String,
    #[serde(rename = "__proto__")]
    proto: bool,
    r#type: String,
    bytes: Vec<u8>,
    base64: Base64,
    at: Timestamp,
    after: Duration,
    pair: (u32, String),
    triple: [f32; 3],
    key: [u8; 32],
    set: BTreeSet<String>,
    by_name: HashMap<String, Plain>,
    by_number: BTreeMap<u32, bool>,
    anything: serde_json::Value,
    outcome: Result<u32, String>,
    #[deprecated]
    old: Option<bool>,
}

fn ten() -> u32 {
    10
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Plain {
    first_name: String,
}

/// Tagged externally.
#[derive(Deserialize, Serialize, JsonSchema)]
enum External {
    /// A word.
    Unit,
    Newtype(Plain),
    Tuple(u8, String),
    Struct {
        a: u8,
    },
}

/// Tagged internally.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Internal {
    Unit,
    /// Has the fields of another type.
    Newtype(Plain),
    Struct {
        /// A number.
        a: u8,
        b: Option<Box<Internal>>,
    },
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Newtype(Plain),
    Tuple(u8, String),
    Struct { a: u8 },
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Number(u32),
    Text(String),
    Many(Vec<Untagged>),
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Words {
    OneWord,
    TwoWords,
}

/// Generic.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Page<T> {
    items: Vec<T>,
    next: Option<u64>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Tree {
    value: u32,
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
}

/// Only another name for itself.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Nothing(Option<Box<Nothing>>);

#[derive(Deserialize, Serialize, JsonSchema)]
struct Flattened {
    own: u32,
    #[serde(flatten)]
    plain: Plain,
    #[serde(flatten)]
    choice: Adjacent,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct FlattenedMap {
    own: u32,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Strict {
    only: u32,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Empty {}

#[derive(Deserialize, Serialize, JsonSchema)]
struct UnitStruct;

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(transparent)]
struct Wrapper {
    inner: Vec<Plain>,
}

/// A name that TypeScript uses.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Promise {
    kept: bool,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename = "class")]
struct Class {
    students: u32,
}

mod other {
    use super::{Deserialize, JsonSchema, Serialize};

    /// Another type of the same name.
    #[derive(Deserialize, Serialize, JsonSchema)]
    pub struct Plain {
        pub other: bool,
    }
}

#[derive(Deserialize, Serialize)]
struct WithoutSchema(u32);

#[derive(Debug, thiserror::Error, ReplyError)]
enum AppError {
    /// Nobody has this number. */ alert(1) /*
    #[error("no such user")]
    #[reply(error = 404)]
    NoSuchUser,
    #[error("slow down, {0}")]
    #[reply(error = 1001, temporary)]
    Busy(String),
    #[error("you are banned")]
    #[reply(disconnect = 4501)]
    Banned,
    #[error("the database")]
    #[reply(internal)]
    Database,
    #[error(transparent)]
    #[reply(transparent)]
    Room(RoomError),
}

#[derive(Debug, thiserror::Error, ReplyError)]
enum RoomError {
    #[error("the room is full")]
    #[reply(error = 1002)]
    Full,
    #[error("too many calls")]
    #[reply(error = 1003)]
    Busy,
}

/// What the handler that is called so takes and gives.
macro_rules! echo {
    ($($name:ident: $pattern:literal => $type:ty,)*) => {
        $(#[centrifugo::rpc($pattern)]
        fn $name(value: Json<$type>) -> Result<Json<$type>, AppError> {
            Ok(value)
        })*
    };
}

echo! {
    fields: "echo/fields" => Fields,
    external: "echo/external" => External,
    internal: "echo/internal" => Internal,
    adjacent: "echo/adjacent" => Adjacent,
    untagged: "echo/untagged" => Untagged,
    words: "echo/words" => Words,
    page_of_plain: "echo/page.plain" => Page<Plain>,
    page_of_words: "echo/page.words" => Page<Words>,
    tree: "echo/tree" => Tree,
    nothing: "echo/nothing" => Nothing,
    flattened: "echo/flattened" => Flattened,
    flattened_map: "echo/flattened_map" => FlattenedMap,
    strict: "echo/strict" => Strict,
    empty: "echo/empty" => Empty,
    unit_struct: "echo/unit_struct" => UnitStruct,
    wrapper: "echo/wrapper" => Wrapper,
    promise: "echo/promise" => Promise,
    class: "echo/class" => Class,
    other_plain: "echo/other" => other::Plain,
    optional: "echo/option" => Option<Plain>,
    without_schema: "echo/without-schema" => WithoutSchema,
}

/// Nothing in, nothing out. */ alert(1) /*
#[centrifugo::rpc("nothing")]
fn no_data() {}

#[centrifugo::rpc("bytes")]
fn bytes(data: Data) -> Data {
    data
}

#[centrifugo::rpc("optional")]
fn optional_data(data: Option<Json<Plain>>) -> Json<bool> {
    Json(data.is_some())
}

/// A method that is a group, too.
#[centrifugo::rpc("user")]
fn user() -> Json<String> {
    Json("user".to_owned())
}

#[centrifugo::rpc("user/name")]
fn user_name() -> Json<String> {
    Json("name".to_owned())
}

#[centrifugo::rpc("user/{id}")]
fn user_by_id(id: u32) -> Result<Json<u32>, AppError> {
    if id == 0 {
        Err(AppError::NoSuchUser)
    } else {
        Ok(Json(id))
    }
}

#[centrifugo::rpc("files/{folder}-{path*}")]
fn files(folder: String, path: String, data: Option<Json<Plain>>) -> Json<(String, String)> {
    let _ = data;
    Json((folder, path))
}

#[centrifugo::rpc("delete")]
fn delete() {}

#[centrifugo::rpc("new")]
fn new() {}

#[centrifugo::rpc("__proto__")]
fn proto() {}

#[centrifugo::rpc("get-all:now")]
fn get_all() {}

#[centrifugo::rpc("any/*")]
fn any() {}

#[centrifugo::rpc("fail/{code}")]
fn fail(code: u32) -> Result<(), AppError> {
    Err(match code {
        1001 => AppError::Busy("please".to_owned()),
        1002 => AppError::Room(RoomError::Full),
        4501 => AppError::Banned,
        100 => AppError::Database,
        _ => AppError::NoSuchUser,
    })
}

#[derive(Deserialize, JsonSchema)]
struct Login {
    user: String,
}

/// What others see of a client.
#[derive(Serialize, JsonSchema)]
struct Card {
    display_name: String,
}

#[centrifugo::connect]
fn connect(Json(login): Json<Login>) -> reply::Connect<Plain, Card> {
    let plain = Plain {
        first_name: login.user.clone(),
    };
    let card = Card {
        display_name: login.user.to_uppercase(),
    };
    reply::Connect::user(login.user).typed_info(&card).typed(&plain)
}

/// What the channel carries.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Line {
    text: String,
    /// Set by the handler.
    by: String,
}

/// What clients publish.
#[derive(Deserialize, JsonSchema)]
struct NewLine {
    text: String,
}

#[derive(Deserialize, JsonSchema)]
struct Password {
    password: String,
}

/// A room of the chat. */ alert(1) /*
#[centrifugo::channel(
    "chat:{room}", publication = Line, presence, allow_presence_for_subscriber, allow_history_for_subscriber, history_size = 10,
    history_ttl = "1h", join_leave, force_push_join_leave
)]
struct Chat {
    room: u64,
}

/// What others see of a client in a room.
#[derive(Serialize, JsonSchema)]
struct Role {
    is_moderator: bool,
}

#[centrifugo::subscribe(channel = Chat)]
fn join(_chat: Chat, password: Option<Json<Password>>) -> Result<reply::Subscribe<Line, Role>, AppError> {
    match password {
        Some(Json(password)) if password.password == "wrong" => Err(AppError::Room(RoomError::Full)),
        password => {
            let role = Role {
                is_moderator: password.is_some(),
            };
            let welcome = Line {
                text: "welcome".to_owned(),
                by: "app".to_owned(),
            };
            Ok(reply::Subscribe::allow().typed(&welcome).typed_info(&role))
        }
    }
}

#[centrifugo::publish(channel = Chat)]
fn say(_chat: Chat, Json(line): Json<NewLine>) -> Result<reply::Publish<Line>, AppError> {
    if line.text.is_empty() {
        return Err(AppError::Busy("please".to_owned()));
    }
    Ok(reply::Publish::typed(&Line {
        text: line.text,
        by: "app".to_owned(),
    }))
}

/// A stream in both directions.
#[centrifugo::channel("loud:{topic}", publication = Line, presence, allow_presence_for_subscriber)]
struct Loud {
    topic: String,
}

#[centrifugo::subscribe_stream(channel = Loud)]
fn shout(loud: Loud, lines: Incoming<NewLine>) -> reply::Stream<Line, reply::Subscribe<Plain, Role>> {
    let plain = Plain {
        first_name: loud.topic.clone(),
    };
    let answer = reply::Subscribe::allow()
        .typed(&plain)
        .typed_info(&Role { is_moderator: true });
    let lines = lines.map(move |line| {
        Ok::<_, Error>(Line {
            text: line?.text.to_uppercase(),
            by: loud.topic.clone(),
        })
    });
    reply::Stream::typed(answer, lines)
}

/// Two fields, and a name that is a word of TypeScript.
#[centrifugo::channel("files:{folder}-{path*}", publication = Internal)]
struct Delete {
    folder: String,
    path: String,
}

#[centrifugo::subscribe(channel = Delete)]
fn watch(_delete: Delete, _password: Json<Password>) -> reply::Subscribe {
    reply::Subscribe::allow()
}

/// A channel without fields, whose name is that of a member.
#[centrifugo::channel("rpc:all", publication = u32, allow_publish_for_subscriber)]
struct Rpc;

#[centrifugo::subscribe(channel = Rpc)]
fn all() -> reply::Subscribe {
    reply::Subscribe::allow()
}

#[centrifugo::channel(
    "scores:{game}", item = Plain, subscription_type = "map", map.mode = "ephemeral", map.key_ttl = "5m",
    allow_subscribe_for_client
)]
struct Scores {
    game: bool,
}

#[centrifugo::map_publish(channel = Scores)]
fn score(_scores: Scores, Json(score): Json<Plain>) -> reply::MapPublish<Plain> {
    reply::MapPublish::typed(&score)
}

#[centrifugo::channel("prices:{market}", item = WithoutSchema)]
struct Prices {
    market: String,
}

#[centrifugo::shared_poll_refresh(channel = Prices)]
fn prices(_prices: Prices) -> Result<reply::SharedPoll<WithoutSchema>, Error> {
    Err(Error::not_available())
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
