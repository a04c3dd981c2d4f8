//! What the clients do.

use std::net::SocketAddr;
use std::time::Duration;

use centrifugo::BoxError;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use super::client::Client;
use crate::addresses::Addresses;
use crate::options::Options;

/// How many clients send events that succeed.
const CLIENTS: usize = 4;
/// How many clients call a slow handler. More than 1 % of all rpc events have to be slow for the alert.
const SLOW_CLIENTS: usize = 4;
/// The time between two rounds of events of a client.
const PAUSE: Duration = Duration::from_millis(100);
/// The time between two rounds of events that fail.
const FAULT_PAUSE: Duration = Duration::from_millis(500);
/// The time between two calls that block a thread or fill the log.
const BLOCK_PAUSE: Duration = Duration::from_secs(2);

/// What a client does again and again.
#[derive(Clone, Copy)]
enum Role {
    /// Sends events that succeed.
    Visitor,
    /// Sends events that fail.
    Troublemaker,
    /// Calls handlers that block their thread or fill the log.
    Blocker,
    /// Calls a slow handler.
    Patient,
}

/// Sends events until it is dropped.
pub async fn run(addresses: &Addresses, options: Options, has_centrifugo: bool) {
    let address = if has_centrifugo {
        addresses.clients
    } else {
        addresses.events
    };
    let mut roles = vec![Role::Visitor; CLIENTS];
    if options.has_faults {
        roles.extend([Role::Troublemaker, Role::Troublemaker, Role::Blocker]);
        roles.extend([Role::Patient; SLOW_CLIENTS]);
    }
    // Ends its tasks when it is dropped.
    let mut clients = JoinSet::new();
    for (number, role) in roles.into_iter().enumerate() {
        clients.spawn(keep_sending(role, number, address, has_centrifugo));
    }
    while clients.join_next().await.is_some() {}
}

/// Connects again when the connection is lost.
async fn keep_sending(role: Role, number: usize, address: SocketAddr, has_centrifugo: bool) {
    loop {
        if let Err(error) = send(role, number, address, has_centrifugo).await {
            eprintln!("observability: client {number}: {error}; connects again");
        }
        sleep(Duration::from_secs(1)).await;
    }
}

async fn send(role: Role, number: usize, address: SocketAddr, has_centrifugo: bool) -> Result<(), BoxError> {
    let mut client = Client::connect(address, has_centrifugo).await?;
    let lease = match role {
        Role::Visitor | Role::Patient => format!("lease:desk-{number}"),
        Role::Troublemaker | Role::Blocker => format!("lease:broken-{number}"),
    };
    client.subscribe("chat:lobby").await?;
    client.subscribe(&lease).await?;
    if has_centrifugo {
        client.subscribe("clock:seconds").await?;
    }
    let mut rounds = interval(match role {
        Role::Visitor | Role::Patient => PAUSE,
        Role::Troublemaker => FAULT_PAUSE,
        Role::Blocker => BLOCK_PAUSE,
    });
    for round in 0u64.. {
        rounds.tick().await;
        match role {
            Role::Visitor => {
                client.rpc("greet", &json!(format!("client {number}"))).await?;
                client.publish("chat:lobby", &json!({ "round": round })).await?;
                if has_centrifugo {
                    client.rpc("announce", &json!(null)).await?;
                }
            }
            Role::Troublemaker => {
                for method in ["internal", "panic", "timeout", "unreachable", "unknown"] {
                    client.rpc(&format!("faults/{method}"), &json!(null)).await?;
                }
            }
            // Rarely, since each call logs 1.5 MB.
            Role::Blocker if round % 2 == 0 => client.rpc("faults/log", &json!(null)).await?,
            Role::Blocker => client.rpc("faults/block", &json!(null)).await?,
            Role::Patient => client.rpc("faults/slow", &json!(null)).await?,
        }
        if round % 20 == 19 {
            client.renew(&lease).await?;
        }
    }
    Ok(())
}
