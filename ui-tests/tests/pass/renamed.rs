//! The crate under another name.

use renamed::{Json, Scoped, UserId, reply};

extern crate centrifugo as renamed;

struct Member(String);

#[renamed::scoped(crate = renamed)]
fn member(user: UserId) -> Member {
    Member(user.0)
}

#[derive(renamed::FromParam)]
#[param(crate = renamed)]
struct Room(u32);

#[derive(renamed::FromEvent)]
#[from_event(crate = renamed)]
struct Caller {
    member: Scoped<Member>,
}

#[derive(Debug, thiserror::Error, renamed::ReplyError)]
#[reply(crate = renamed)]
enum AppError {
    #[error("no")]
    #[reply(error = 404)]
    No,
}

#[renamed::state(crate = renamed)]
fn number() -> u32 {
    1
}

#[renamed::publish(channel = "room:{room}", crate = renamed)]
fn publish(room: Room, caller: Caller) -> Result<reply::Publish, AppError> {
    if room.0 == 0 {
        return Err(AppError::No);
    }
    let Scoped(member) = caller.member;
    Ok(reply::Publish::allow().data(&member.0))
}

#[renamed::rpc("a", crate = renamed)]
fn rpc() -> Json<u32> {
    Json(1)
}

#[renamed::shutdown(crate = renamed)]
fn shutdown() {}

#[renamed::invalid(crate = renamed)]
fn invalid(_invalid: renamed::extract::Invalid) {}

fn main() {
    assert_eq!(rpc().0, 1);
}
