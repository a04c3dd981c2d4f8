//! The connect handler.

use centrifugo::reply::SubscribeOptions;
use centrifugo::{Json, Scoped, State, reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ChatError;
use crate::member::{Card, Member};
use crate::mentions::PersonalChannel;
use crate::name::Name;
use crate::store::Store;

/// The data of a connect: a name, and a secret that the browser generates. The first user of a name owns it.
#[derive(Deserialize, JsonSchema)]
struct Login {
    name: String,
    secret: String,
}

/// The data of the reply.
#[derive(Serialize, JsonSchema)]
struct Profile {
    name: String,
    is_moderator: bool,
}

impl Profile {
    fn of(member: &Member) -> Self {
        Self {
            name: member.name.clone(),
            is_moderator: member.is_moderator,
        }
    }
}

#[centrifugo::connect]
async fn connect(
    Json(login): Json<Login>,
    store: State<Store>,
) -> Result<reply::Connect<Profile, Card>, ChatError> {
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
    Ok(reply::Connect::user(&member.id)
        .typed_info(&card)
        .typed(&Profile::of(&member))
        .subscribe(
            PersonalChannel::of(&member.id).to_string(),
            SubscribeOptions::new(),
        ))
}

/// Returns the profile to devices that connected with a token, because the connect handler does not run for them.
#[centrifugo::rpc("me")]
fn me(member: Scoped<Member>) -> Json<Profile> {
    Json(Profile::of(&member))
}
