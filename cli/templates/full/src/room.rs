//! Rooms where users write lines to each other.

use centrifugo::{Json, UserId, reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// A line in a room.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// The user who wrote it.
    pub by: String,
    pub text: String,
}

/// What a client publishes.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Draft {
    text: String,
}

/// A room: its name, what is published to it, and its options in Centrifugo.
#[centrifugo::channel(
    "room:{name}",
    publication = Line,
    presence,
    history_size = 50,
    history_ttl = "1h",
    force_recovery,
    allow_history_for_subscriber
)]
pub struct Room {
    pub name: String,
}

/// Lets every user into every room.
#[centrifugo::subscribe(channel = Room)]
async fn join(room: Room, _user: UserId) -> reply::Subscribe {
    reply::Subscribe::allow().data(&format!("welcome to {}", room.name))
}

/// Publishes a line with the name of its author.
#[centrifugo::publish(channel = Room)]
async fn say(
    _room: Room,
    user: UserId,
    Json(draft): Json<Draft>,
) -> Result<reply::Publish<Line>, AppError> {
    let text = draft.text.trim().to_owned();
    if text.is_empty() {
        return Err(AppError::EmptyLine);
    }
    let by = user.0;
    Ok(reply::Publish::typed(&Line { by, text }))
}
