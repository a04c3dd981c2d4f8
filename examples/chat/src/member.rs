//! Who an event is from.

use centrifugo::{Scoped, State, UserId};
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::rooms::Room;
use crate::store::Store;

/// A user, as the database knows it. Handlers take `Scoped<Member>`, and so are never asked by somebody who is banned.
#[derive(Debug, Default)]
pub struct Member {
    pub id: String,
    pub name: String,
    pub is_moderator: bool,
    pub is_banned: bool,
    /// The rooms that it was let into.
    pub rooms: Vec<String>,
}

/// What others see of a member in a room's presence.
#[derive(Deserialize, Serialize)]
pub struct Card {
    pub name: String,
}

impl Member {
    /// Itself, unless it is banned.
    pub fn admitted(self) -> Result<Self, ChatError> {
        if self.is_banned {
            Err(ChatError::Banned)
        } else {
            Ok(self)
        }
    }

    pub fn is_in(&self, room: &Room) -> bool {
        self.rooms.iter().any(|name| name == room.name)
    }

    /// Centrifugo asks about a publication of who did not subscribe, too.
    pub fn must_be_in(&self, room: &Room) -> Result<(), ChatError> {
        if self.is_in(room) {
            Ok(())
        } else {
            Err(ChatError::NotInRoom)
        }
    }
}

#[centrifugo::scoped]
async fn member(user: UserId, store: State<Store>) -> Result<Member, ChatError> {
    // Not there: the database is another one than when the client connected.
    store
        .member(user.0)
        .await?
        .ok_or(ChatError::LoginAgain)?
        .admitted()
}

/// A member that may moderate.
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
