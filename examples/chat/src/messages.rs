//! What is said in a room.

use centrifugo::{Api, Json, Scoped, State, reply};
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::bot::Bot;
use crate::member::Member;
use crate::rooms::Room;
use crate::store::Store;

/// How many characters a message may have.
const LENGTH: usize = 500;

/// What is published in a room's channel.
#[derive(Debug, Deserialize, Serialize, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Post {
    Message(Message),
    Typing { by: String },
    Notice { text: String },
}

/// A message as it is kept.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct Message {
    pub id: i64,
    pub by: String,
    pub text: String,
    /// In Unix seconds.
    pub at: i64,
}

/// What a client publishes.
#[derive(Deserialize, Serialize)]
struct Line {
    text: String,
}

/// The client's line is kept, and goes to the room as a message.
#[centrifugo::publish(channel = "room:{room}")]
async fn say(
    room: Room,
    Json(line): Json<Line>,
    member: Scoped<Member>,
    store: State<Store>,
    bot: State<Bot>,
) -> Result<reply::Publish, ChatError> {
    member.must_be_in(&room)?;
    let text = line.text.trim();
    if text.is_empty() {
        return Err(ChatError::Empty);
    }
    if text.chars().count() > LENGTH {
        return Err(ChatError::TooLong);
    }
    let message = store.keep(room.name, &member.name, text).await?;
    bot.hear(&room, &message);
    Ok(reply::Publish::allow().data(&Post::Message(message)))
}

/// Which messages the page wants.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Wanted {
    /// Those before this one.
    pub before: Option<i64>,
}

/// The newest messages of those that are wanted, oldest first. The page asks when it has subscribed: so nothing falls
/// between what was kept and what is published.
#[centrifugo::rpc("messages/{room}")]
async fn messages(
    room: Room,
    Json(wanted): Json<Wanted>,
    member: Scoped<Member>,
    store: State<Store>,
) -> Result<Json<Vec<Message>>, ChatError> {
    member.must_be_in(&room)?;
    Ok(Json(store.messages(room.name, wanted).await?))
}

/// Others see that somebody writes; the channel's history does not.
#[centrifugo::rpc("typing/{room}")]
async fn typing(room: Room, member: Scoped<Member>, api: Api) -> Result<(), ChatError> {
    member.must_be_in(&room)?;
    let by = member.name.clone();
    api.publish(room.channel(), &Post::Typing { by })
        .skip_history()
        .await?;
    Ok(())
}
