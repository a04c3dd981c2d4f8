//! Methods for moderators.

use centrifugo::{Api, Scoped, State};

use crate::ChatError;
use crate::bot::Bot;
use crate::member::Moderator;
use crate::name::Name;
use crate::store::Store;

/// Bans the user: closes all connections, and refuses new ones and every event. A device with a token can connect until its
/// token expires, but every handler refuses it.
#[centrifugo::rpc("ban/{name}")]
async fn ban(
    name: Name,
    moderator: Scoped<Moderator>,
    store: State<Store>,
    bot: State<Bot>,
    api: Api,
) -> Result<(), ChatError> {
    if !store.ban(name.id(), true).await? {
        return Err(ChatError::NoSuchUser);
    }
    // The same code as that of `ChatError::Banned`, which later connects of the user get.
    api.disconnect(name.id()).reason::<4503>("you are banned").await?;
    bot.announce(format!("{} was banned by {}", name.as_str(), moderator.name))
        .await
}

/// Lifts the ban of the user.
#[centrifugo::rpc("unban/{name}")]
async fn unban(
    name: Name,
    moderator: Scoped<Moderator>,
    store: State<Store>,
    bot: State<Bot>,
) -> Result<(), ChatError> {
    if !store.ban(name.id(), false).await? {
        return Err(ChatError::NoSuchUser);
    }
    bot.announce(format!(
        "{} may come back, says {}",
        name.as_str(),
        moderator.name
    ))
    .await
}

/// Closes the user's connections. The user may reconnect at once.
#[centrifugo::rpc("kick/{name}")]
async fn kick(
    name: Name,
    moderator: Scoped<Moderator>,
    store: State<Store>,
    bot: State<Bot>,
    api: Api,
) -> Result<(), ChatError> {
    if store.member(name.id()).await?.is_none() {
        return Err(ChatError::NoSuchUser);
    }
    api.disconnect(name.id())
        .reason::<4502>("a moderator sent you out")
        .await?;
    bot.announce(format!("{} was sent out by {}", name.as_str(), moderator.name))
        .await
}
