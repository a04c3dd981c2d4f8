//! A handler that calls the server API, and a state.

use std::sync::atomic::{AtomicU64, Ordering};

use centrifugo::{Api, Error, Json, State};

/// The number of announcements so far.
struct Announcements(AtomicU64);

#[centrifugo::state]
fn announcements() -> Announcements {
    Announcements(AtomicU64::new(0))
}

#[centrifugo::rpc("announce")]
async fn announce(announcements: State<Announcements>, api: Api) -> Result<Json<u64>, Error> {
    let number = announcements.0.0.fetch_add(1, Ordering::Relaxed);
    api.publish("chat:lobby", &format!("announcement {number}"))
        .await?;
    Ok(Json(number))
}
