//! The connect handler.

use centrifugo::{Json, State, reply};
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::member::Card;
use crate::name::Name;
use crate::store::Store;

/// The data of a connect: a name, and a secret that the browser generates. The first user of a name owns it.
#[derive(Deserialize)]
struct Login {
    name: String,
    secret: String,
}

/// The data of the reply.
#[derive(Serialize)]
struct Profile {
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
        .unless_banned()?;
    let card = Card {
        name: member.name.clone(),
    };
    Ok(reply::Connect::user(&member.id).info(&card).data(&Profile {
        name: member.name.clone(),
        is_moderator: member.is_moderator,
    }))
}
