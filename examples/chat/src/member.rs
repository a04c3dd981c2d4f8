//! The user of an event.

use centrifugo::{Scoped, State, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::rooms::Room;
use crate::store::Store;

/// A user in the database. Handlers take `Scoped<Member>`, which refuses banned users.
#[derive(Debug, Default)]
pub struct Member {
    pub id: String,
    pub name: String,
    pub is_moderator: bool,
    pub is_banned: bool,
    /// The rooms that the user has entered.
    pub rooms: Vec<String>,
    /// The rooms that a moderator has expelled the user from.
    pub expelled_from: Vec<String>,
}

/// The information about a member in a room's presence.
#[derive(Deserialize, Serialize, JsonSchema)]
pub struct Card {
    pub name: String,
}

impl Member {
    /// Returns the member, or an error if it is banned.
    pub fn unless_banned(self) -> Result<Self, ChatError> {
        if self.is_banned {
            Err(ChatError::Banned)
        } else {
            Ok(self)
        }
    }

    /// Whether the member is in the room and not banned. A banned user can still be connected with a token.
    pub fn may_read(&self, room: &Room) -> bool {
        !self.is_banned && self.is_in(room)
    }

    pub fn is_in(&self, room: &Room) -> bool {
        !self.is_expelled_from(room) && self.rooms.iter().any(|name| name == room.name)
    }

    pub fn is_expelled_from(&self, room: &Room) -> bool {
        self.expelled_from.iter().any(|name| name == room.name)
    }

    /// Fails if the member has not entered the room. Centrifugo also sends publications of users who have not subscribed.
    pub fn ensure_in(&self, room: &Room) -> Result<(), ChatError> {
        if self.is_in(room) {
            Ok(())
        } else {
            Err(ChatError::NotInRoom)
        }
    }
}

#[centrifugo::scoped]
async fn member(user: UserId, store: State<Store>) -> Result<Member, ChatError> {
    // The user is missing if the database was replaced after the client connected.
    store
        .member(user.0)
        .await?
        .ok_or(ChatError::LoginAgain)?
        .unless_banned()
}

/// A member with the rights of a moderator.
#[derive(Debug)]
pub struct Moderator {
    pub name: String,
}

#[centrifugo::scoped]
fn moderator(member: Scoped<Member>) -> Result<Moderator, ChatError> {
    if member.is_moderator {
        Ok(Moderator {
            name: member.name.clone(),
        })
    } else {
        Err(ChatError::NotModerator)
    }
}
