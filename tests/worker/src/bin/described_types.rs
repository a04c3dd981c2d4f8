//! Handlers, channel types and errors whose types are described, and some whose types cannot be.

use std::borrow::Cow;

use centrifugo::extract::{FromIncoming, Incoming, IncomingPublication, Meta};
use centrifugo::{Data, Error, FromEvent, Json, ReplyError, Scoped, reply};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

/// Which user to get.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Query {
    /// The number of the user.
    id: u32,
    filter: Option<Filter>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
#[allow(dead_code, reason = "only its schema is used")]
enum Filter {
    Name { is: String },
    Not { filter: Box<Filter> },
}

/// Differs as input and as output, because of the default.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Line {
    text: String,
    #[serde(default)]
    by: String,
}

#[derive(Serialize, JsonSchema)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Deserialize, Serialize)]
struct WithoutSchema(u32);

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Tenant {
    tenant: String,
}

/// Its schema panics if the test asks for it.
#[derive(Deserialize)]
struct Endless;

impl JsonSchema for Endless {
    fn schema_name() -> Cow<'static, str> {
        "Endless".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        assert!(std::env::var_os("ENDLESS").is_none(), "without an end");
        true.into()
    }
}

struct Member;

/// What goes wrong.
#[derive(Debug, thiserror::Error, ReplyError)]
#[allow(dead_code, reason = "only its description is used")]
enum AppError {
    /// Nobody has this number.
    #[error("no such user")]
    #[reply(error = 404)]
    NoSuchUser,
    #[error("slow down, {0}")]
    #[reply(error = 1001, temporary)]
    Busy(String),
    #[error("banned until {until}")]
    #[reply(disconnect = 4501, reason = "banned")]
    Banned { until: u64 },
    #[error("database")]
    #[reply(internal)]
    Database,
    #[error(transparent)]
    #[reply(transparent)]
    Room(RoomError<u8>),
    #[error(transparent)]
    #[reply(transparent)]
    Other(Error),
}

/// A generic type cannot be registered; another error names it.
#[derive(Debug, thiserror::Error, ReplyError)]
#[error("no such room")]
#[reply(error = 1002)]
struct RoomError<T>(T);

#[derive(Debug, ReplyError)]
#[allow(dead_code, reason = "only its description is used")]
enum MemberError {
    #[reply(error = 1003, message = "no member")]
    NoMember,
}

/// No handler names it.
#[derive(Debug, ReplyError)]
#[reply(error = 1004, message = "unused")]
#[allow(dead_code, reason = "only its description is used")]
struct UnusedError;

#[centrifugo::scoped]
async fn member() -> Result<Member, MemberError> {
    Ok(Member)
}

/// A room of the chat.
#[centrifugo::channel("chat:{room}", publication = Line, history_size = 10, history_ttl = "1h")]
struct Chat {
    room: u32,
}

#[centrifugo::channel("scores:{game}", item = WithoutSchema, map.mode = "ephemeral", map.key_ttl = "5m")]
struct Scores {
    game: u32,
}

#[derive(FromEvent)]
#[allow(dead_code, reason = "only its description is used")]
struct Request {
    line: Option<Json<Line>>,
    meta: Meta<Tenant>,
}

type Body<T> = Json<T>;
type QueryBody = Body<Query>;
type Answer<T> = Result<Body<T>, AppError>;

/// Gets a user.
#[centrifugo::rpc("aliases", timeout = "900ms")]
async fn aliases(_query: QueryBody, _member: Scoped<Member>) -> Answer<Page<Line>> {
    Err(AppError::NoSuchUser)
}

#[centrifugo::rpc("combined")]
fn combined(_request: Request) -> Json<Vec<String>> {
    Json(Vec::new())
}

#[centrifugo::rpc("without-schema")]
fn without_schema(Json(value): Json<WithoutSchema>) -> Json<WithoutSchema> {
    Json(value)
}

#[centrifugo::rpc("bytes")]
fn bytes(data: Data) -> Data {
    data
}

#[centrifugo::rpc("broken/{id}")]
fn broken(id: u32, _line: Result<Json<Line>, Error>) {
    let _ = id;
}

#[centrifugo::rpc("endless")]
fn endless(_endless: Json<Endless>) {}

#[centrifugo::rpc("unnamed")]
fn unnamed() -> Json<impl Serialize> {
    Json(1)
}

#[centrifugo::publish(channel = Chat)]
fn say(_chat: Chat, Json(line): Json<Line>) -> Result<reply::Publish<Line>, AppError> {
    Ok(reply::Publish::typed(&line))
}

#[centrifugo::publish(channel = "news:*")]
fn news() -> reply::Publish {
    reply::Publish::allow()
}

type Stream<T> = Result<Incoming<T>, Error>;

#[centrifugo::subscribe_stream(channel = "typed:{topic}")]
fn typed_stream(topic: String, _lines: Stream<Line>) -> reply::Stream {
    let _ = topic;
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::empty::<Json<u8>>())
}

#[centrifugo::subscribe_stream(channel = "bytes:*")]
fn stream_of_bytes(_publications: Option<Incoming>) -> reply::Stream {
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::empty::<Json<u8>>())
}

#[centrifugo::subscribe_stream(channel = "unknown:*")]
fn stream_without_schema(_values: Incoming<WithoutSchema>) -> reply::Stream {
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::empty::<Json<u8>>())
}

/// A format of its own, which no type describes.
struct LastByte;

impl FromIncoming for LastByte {
    type Item = Option<u8>;

    fn from_incoming(publication: IncomingPublication) -> Self::Item {
        publication.data.last().copied()
    }
}

/// A format of its own, which its schema describes.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Command {
    name: String,
}

impl FromIncoming for Command {
    type Item = Self;

    fn from_incoming(publication: IncomingPublication) -> Self {
        let name = String::from_utf8_lossy(&publication.data).into_owned();
        Self { name }
    }
}

#[centrifugo::subscribe_stream(channel = "last-byte:*")]
fn stream_of_last_bytes(_bytes: Incoming<LastByte>) -> reply::Stream {
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::empty::<Json<u8>>())
}

#[centrifugo::subscribe_stream(channel = "commands:*")]
fn stream_of_commands(_commands: Incoming<Command>) -> reply::Stream {
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::empty::<Json<u8>>())
}

type Opened = Result<reply::Subscribe<Line, bool>, AppError>;

#[centrifugo::subscribe_stream(channel = "answered:*")]
fn answered_stream() -> reply::Stream<u8, Opened> {
    reply::Stream::typed(Err(AppError::NoSuchUser), tokio_stream::empty::<Json<u8>>())
}

#[centrifugo::refresh]
fn refresh() -> Result<reply::Refresh<Line>, AppError> {
    Ok(reply::Refresh::expired().keep_info())
}

#[centrifugo::sub_refresh(channel = Chat)]
fn sub_refresh(_chat: Chat) -> reply::SubRefresh<WithoutSchema> {
    reply::SubRefresh::expired().keep_info()
}

type Allowed<I> = Result<reply::Connect<reply::Untyped, I>, AppError>;

#[centrifugo::connect]
fn connect() -> Allowed<Line> {
    Err(AppError::NoSuchUser)
}

#[centrifugo::subscribe(channel = Chat)]
fn join(_chat: Chat) -> reply::Subscribe<Line, WithoutSchema> {
    let line = Line {
        text: String::new(),
        by: String::new(),
    };
    reply::Subscribe::allow()
        .typed(&line)
        .typed_info(&WithoutSchema(1))
}

#[centrifugo::subscribe(channel = "news:*")]
fn read_news() -> reply::Subscribe {
    reply::Subscribe::allow().info(&1)
}

#[centrifugo::map_publish(channel = Scores)]
fn score(_scores: Scores, Json(score): Json<WithoutSchema>) -> reply::MapPublish<WithoutSchema> {
    reply::MapPublish::typed(&score)
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
