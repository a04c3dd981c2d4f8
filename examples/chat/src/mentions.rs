//! Mentions: a message with `@Name` also goes to the personal channel of that user.
//!
//! A personal channel reaches all connections of one user, in whatever room they are. The connect reply subscribes each
//! connection to it (see `login.rs`), and so does the token of a second device (see `device.rs`). The namespace `personal` has
//! neither a subscribe proxy nor `allow_subscribe_for_client`, so a client can't subscribe to the channel of somebody else.

use std::collections::BTreeSet;

use centrifugo::api::Client;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::messages::Message;
use crate::name::Name;
use crate::rooms::Room;
use crate::store::Store;

/// The maximum number of users that one message can mention.
const MAX_MENTIONS: usize = 10;

/// A publication in a personal channel.
#[derive(Debug, Deserialize, Serialize, PartialEq, JsonSchema)]
pub struct Mention {
    pub room: String,
    pub by: String,
    pub text: String,
}

/// The personal channel of a user.
#[centrifugo::channel("personal:{user}", publication = Mention, history_size = 20, history_ttl = "1h", force_recovery)]
pub struct PersonalChannel {
    user: String,
}

impl PersonalChannel {
    pub fn of(user: &str) -> Self {
        Self {
            user: user.to_owned(),
        }
    }
}

/// Notifies the mentioned users in a task, so that the author does not wait for it.
pub fn notify_later(api: Client, store: &Store, room: Room, message: &Message) {
    let users = mentioned_users(&message.text);
    if users.is_empty() {
        return;
    }
    let (store, message) = (store.clone(), message.clone());
    tokio::spawn(async move {
        if let Err(error) = notify(&api, &store, room, message, users).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "publish of a mention failed");
        }
    });
}

/// Publishes the message to the mentioned users who may read it: those who are members of the room.
async fn notify(
    api: &Client,
    store: &Store,
    room: Room,
    message: Message,
    users: BTreeSet<String>,
) -> Result<(), ChatError> {
    let mut channels = Vec::new();
    for user in users {
        let member = store.member(user).await?;
        if let Some(member) = member.filter(|member| member.may_read(&room) && member.name != message.by) {
            channels.push(PersonalChannel::of(&member.id));
        }
    }
    if !channels.is_empty() {
        let mention = Mention {
            room: room.name.to_owned(),
            by: message.by,
            text: message.text,
        };
        api.broadcast_to(channels, &mention).await?;
    }
    Ok(())
}

/// Returns the ids of the users whose names follow an `@` in the text.
fn mentioned_users(text: &str) -> BTreeSet<String> {
    text.split_whitespace()
        .filter_map(|word| word.strip_prefix('@'))
        .map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')))
        // The name of the bot is no valid name of a user.
        .filter_map(|name| name.parse::<Name>().ok())
        .map(|name| name.id())
        .take(MAX_MENTIONS)
        .collect()
}
