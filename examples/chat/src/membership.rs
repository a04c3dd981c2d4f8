//! The membership of a room: a subscription that expires, is renewed, and can be taken away.
//!
//! The subscribe handler gives a subscription a time at which it expires. Centrifugo then sends a sub_refresh event, and the
//! handler below decides from the database whether the subscription goes on. So a user who has lost the membership leaves the
//! room, whoever changed the database: a moderator, another process or an administrator.

use std::time::Duration;

use centrifugo::{Api, Scoped, State, reply};

use crate::ChatError;
use crate::member::{Member, Moderator};
use crate::messages::Post;
use crate::name::Name;
use crate::rooms::{Room, RoomChannel};
use crate::store::Store;

/// The time until a subscription expires. An application would choose minutes; this one is short to be seen.
///
/// Centrifugo looks for expired subscriptions every `client.presence_update_interval`, and only asks for those that expired
/// more than `client.expired_sub_close_delay` ago. `config.json` sets 5 s and 1 s in place of the defaults of 27 s and 25 s.
pub const LIFETIME: Duration = Duration::from_secs(5);

/// Renews the subscription of a member, or ends it.
///
/// A banned user does not reach this function: `Scoped<Member>` fails with a disconnect, which ends the subscription too. An
/// internal error, such as an unavailable database, does not end it: Centrifugo asks again after a minute.
#[centrifugo::sub_refresh(channel = RoomChannel)]
fn renew(RoomChannel { room }: RoomChannel, member: Scoped<Member>) -> reply::SubRefresh {
    if member.is_in(&room) {
        reply::SubRefresh::extend_by(LIFETIME)
    } else {
        reply::SubRefresh::expired()
    }
}

/// Bans the user from one room. The user can't write there from now on, and leaves it at the next sub_refresh event.
///
/// The page then subscribes again by itself and is refused with `ChatError::Expelled`. To end a subscription at once, call
/// `api.unsubscribe(user, channel)` as well.
#[centrifugo::rpc("expel/{room}/{name}")]
async fn expel(
    room: Room,
    name: Name,
    moderator: Scoped<Moderator>,
    store: State<Store>,
    api: Api,
) -> Result<(), ChatError> {
    if !store.expel(room.name, name.id()).await? {
        return Err(ChatError::NoSuchUser);
    }
    let text = format!("{} was expelled by {}", name.as_str(), moderator.name);
    api.channel(room.channel())
        .publish(&Post::Notice { text })
        .await?;
    Ok(())
}

/// Lifts the ban from the room. The user enters it again by hand.
#[centrifugo::rpc("readmit/{room}/{name}")]
async fn readmit(
    room: Room,
    name: Name,
    moderator: Scoped<Moderator>,
    store: State<Store>,
    api: Api,
) -> Result<(), ChatError> {
    if !store.readmit(room.name, name.id()).await? {
        return Err(ChatError::NoSuchUser);
    }
    let text = format!("{} may come back, says {}", name.as_str(), moderator.name);
    api.channel(room.channel())
        .publish(&Post::Notice { text })
        .await?;
    Ok(())
}
