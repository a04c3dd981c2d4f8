//! Tokens with which a second device connects as the same user.
//!
//! The first device calls `device/token` and shows a link that contains the token. Whoever opens the link within the lifetime
//! of the token is the user. Centrifugo checks the token by itself, so the connect handler does not run for it.

use std::time::Duration;

use centrifugo::token::{ConnectionToken, SubscriptionOptions};
use centrifugo::{Json, Scoped, State};

use crate::ChatError;
use crate::member::{Card, Member};
use crate::mentions::PersonalChannel;
use crate::token_key::TokenKey;

/// The lifetime of a token and of its connection. The device asks for a new token before, over its own connection.
///
/// Centrifugo's open-source server can't revoke a token. A short lifetime limits for how long a lost link can be opened. A
/// device that has opened it renews its token and stays linked while it is connected. A user who is banned in the meantime is refused by `Scoped<Member>` in every handler, this one included.
pub const LIFETIME: Duration = Duration::from_secs(300);

/// Returns a token that has all that the connect handler would reply: the user, its card and its personal channel.
#[centrifugo::rpc("device/token")]
fn device_token(member: Scoped<Member>, key: State<TokenKey>) -> Result<Json<String>, ChatError> {
    let key = key.0.0.as_ref().ok_or(ChatError::NoTokens)?;
    let token = ConnectionToken::user(&member.id)
        .info(&Card {
            name: member.name.clone(),
        })
        .subscription(
            PersonalChannel::of(&member.id).to_string(),
            SubscriptionOptions::new(),
        )
        .expires_in(LIFETIME)
        .sign(key)?;
    Ok(Json(token))
}
