//! Messages in a room.

use centrifugo::{Api, Json, Scoped, State, reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::bot::Bot;
use crate::member::Member;
use crate::mentions;
use crate::rooms::{Room, RoomChannel};
use crate::store::Store;

/// The maximum length of a message in characters.
const MAX_LENGTH: usize = 500;

/// A publication in a room's channel.
#[derive(Debug, Deserialize, Serialize, PartialEq, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Post {
    Message(Message),
    Typing { by: String },
    Notice { text: String },
}

/// A stored message.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, JsonSchema)]
pub struct Message {
    pub id: i64,
    pub by: String,
    pub text: String,
    /// In Unix seconds.
    pub at: i64,
}

/// The data that a client publishes.
#[derive(Deserialize, JsonSchema)]
struct Line {
    text: String,
}

/// Stores the line of a client and publishes it as a message.
#[centrifugo::publish(channel = RoomChannel)]
async fn say(
    RoomChannel { room }: RoomChannel,
    Json(line): Json<Line>,
    member: Scoped<Member>,
    store: State<Store>,
    bot: State<Bot>,
    api: Api,
) -> Result<reply::Publish<Post>, ChatError> {
    member.ensure_in(&room)?;
    let text = line.text.trim();
    if text.is_empty() {
        return Err(ChatError::Empty);
    }
    if text.chars().count() > MAX_LENGTH {
        return Err(ChatError::TooLong);
    }
    let message = store.save_message(room.name, &member.name, text).await?;
    bot.answer_later(&room, &message);
    mentions::notify_later(api.into(), &store, room, &message);
    Ok(reply::Publish::typed(&Post::Message(message)))
}

/// Selects a page of messages.
#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct MessageQuery {
    /// Only messages before this id.
    pub before: Option<i64>,
}

/// Returns the newest selected messages, oldest first. The page calls this after it has subscribed, so that no message is
/// lost between the stored messages and the publications.
#[centrifugo::rpc("messages/{room}")]
async fn messages(
    room: Room,
    Json(query): Json<MessageQuery>,
    member: Scoped<Member>,
    store: State<Store>,
) -> Result<Json<Vec<Message>>, ChatError> {
    member.ensure_in(&room)?;
    Ok(Json(store.messages(room.name, query).await?))
}

/// Publishes a typing notice, without adding it to the history of the channel.
#[centrifugo::rpc("typing/{room}")]
async fn typing(room: Room, member: Scoped<Member>, api: Api) -> Result<(), ChatError> {
    member.ensure_in(&room)?;
    let by = member.name.clone();
    api.channel(room.channel())
        .publish(&Post::Typing { by })
        .skip_history()
        .await?;
    Ok(())
}
