//! A client connects.

use centrifugo::{Json, State, reply};
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::member::Card;
use crate::name::Name;
use crate::store::Store;

/// What the page sends: a name, and a secret that the browser made up. Who comes first with a name has it.
#[derive(Deserialize)]
struct Login {
    name: String,
    secret: String,
}

/// What the page gets.
#[derive(Serialize)]
struct You {
    name: String,
    is_moderator: bool,
}

#[centrifugo::connect]
async fn connect(Json(login): Json<Login>, store: State<Store>) -> Result<reply::Connect, ChatError> {
    let name: Name = login.name.trim().parse()?;
    if !(16..=128).contains(&login.secret.len()) {
        return Err(ChatError::BadSecret);
    }
    let member = store
        .login(name, login.secret)
        .await?
        .ok_or(ChatError::NameTaken)?
        .admitted()?;
    let card = Card {
        name: member.name.clone(),
    };
    Ok(reply::Connect::user(&member.id).info(&card).data(&You {
        name: member.name.clone(),
        is_moderator: member.is_moderator,
    }))
}
