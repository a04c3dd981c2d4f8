//! The rooms and their access rules.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use centrifugo::{Api, Json, Scoped, State, reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::bot::Bot;
use crate::member::Member;
use crate::membership;
use crate::messages::Post;
use crate::store::Store;

#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub name: &'static str,
    pub topic: &'static str,
    pub rule: Rule,
}

/// The access rule of a room.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    Everybody,
    /// At most this number of users at once.
    Seats(usize),
    Password(&'static str),
    Moderators,
}

pub const ROOMS: [Room; 4] = [
    Room {
        name: "lobby",
        topic: "Everybody is welcome",
        rule: Rule::Everybody,
    },
    Room {
        name: "tea",
        topic: "A table with two seats",
        rule: Rule::Seats(2),
    },
    Room {
        name: "vault",
        topic: "The password is “sesame”",
        rule: Rule::Password("sesame"),
    },
    Room {
        name: "staff",
        topic: "Moderators only",
        rule: Rule::Moderators,
    },
];

impl Room {
    pub fn channel(&self) -> RoomChannel {
        RoomChannel { room: *self }
    }

    async fn check_rule(&self, member: &Member, password: Option<&str>, api: &Api) -> Result<(), ChatError> {
        if member.is_expelled_from(self) {
            return Err(ChatError::Expelled);
        }
        match self.rule {
            Rule::Everybody => Ok(()),
            Rule::Seats(seats) => {
                let presence = api.channel(self.channel()).presence().await?.presence;
                let others: HashSet<_> = presence.values().map(|client| &client.user).collect();
                let taken = others.into_iter().filter(|user| **user != member.id).count();
                if taken < seats {
                    Ok(())
                } else {
                    Err(ChatError::Full)
                }
            }
            // A member who has entered before needs no password.
            Rule::Password(_) if member.is_in(self) => Ok(()),
            Rule::Password(right) if password == Some(right) => Ok(()),
            Rule::Password(_) => Err(ChatError::WrongPassword),
            Rule::Moderators if member.is_moderator => Ok(()),
            Rule::Moderators => Err(ChatError::ModeratorsOnly),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("there is no such room")]
pub struct NoSuchRoom;

/// Rooms are parameters of patterns such as `messages/{room}`.
impl FromStr for Room {
    type Err = NoSuchRoom;

    fn from_str(text: &str) -> Result<Self, NoSuchRoom> {
        ROOMS.into_iter().find(|room| room.name == text).ok_or(NoSuchRoom)
    }
}

/// Channels are written with the names of rooms.
impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The channel of a room.
#[centrifugo::channel(
    "room:{room}",
    publication = Post,
    presence,
    allow_presence_for_subscriber,
    join_leave,
    force_push_join_leave,
    history_size = 100,
    history_ttl = "1h",
    force_recovery
)]
pub struct RoomChannel {
    pub room: Room,
}

#[derive(Deserialize, JsonSchema)]
struct RoomPassword {
    password: String,
}

#[centrifugo::subscribe(channel = RoomChannel)]
async fn enter(
    RoomChannel { room }: RoomChannel,
    key: Option<Json<RoomPassword>>,
    member: Scoped<Member>,
    store: State<Store>,
    bot: State<Bot>,
    api: Api,
) -> Result<reply::Subscribe, ChatError> {
    let password = key.as_ref().map(|Json(key)| key.password.as_str());
    room.check_rule(&member, password, &api).await?;
    if store.enter(room.name, &member.id).await? {
        bot.greet(&room, &member.name).await;
    }
    // At this time, the handler in `membership.rs` decides whether the subscription goes on.
    Ok(reply::Subscribe::allow().expires_in(membership::LIFETIME))
}

/// A room in the list of the page.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub struct RoomSummary {
    pub name: String,
    pub topic: String,
    pub people: u32,
    pub wants_password: bool,
}

/// Returns all rooms with their number of users, from one batch of Centrifugo's presence statistics.
#[centrifugo::rpc("rooms")]
async fn rooms(member: Scoped<Member>, api: Api) -> Result<Json<Vec<RoomSummary>>, ChatError> {
    let mut batch = api.batch().parallel();
    let asked = ROOMS.map(|room| (room, batch.add(api.channel(room.channel()).presence_stats())));
    let mut replies = batch.await?;
    let mut list = Vec::new();
    for (room, stats) in asked {
        list.push(RoomSummary {
            name: room.name.to_owned(),
            topic: room.topic.to_owned(),
            people: replies.take(stats)?.num_users,
            wants_password: matches!(room.rule, Rule::Password(_)) && !member.is_in(&room),
        });
    }
    Ok(Json(list))
}
