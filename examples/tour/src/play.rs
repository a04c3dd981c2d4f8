//! RoadRunner, played to a copy of this program: each event, what the client sees of the answer, and how long it took.

#![allow(clippy::print_stdout, reason = "this is what the program is for")]

use std::fmt::Display;
use std::process::Command;
use std::time::{Duration, Instant};

use centrifugo::proto::proxy::ChannelEvent;
use centrifugo::testing::{Host, Received};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Prints one event, and remembers when its answer is not what it should be.
struct Tour {
    wrong: usize,
}

impl Tour {
    fn show<A: Display>(
        &mut self,
        what: &str,
        expected: &str,
        event: impl FnOnce() -> Result<A, Failure>,
    ) -> Result<(), Failure> {
        let start = Instant::now();
        let seen = event()?.to_string();
        let took = start.elapsed();
        println!(
            "{what:<34} {took:>9.1?}  {}",
            seen.chars().take(110).collect::<String>()
        );
        if !seen.contains(expected) {
            println!("{:<34} {:>9}  WRONG: it should say `{expected}`", "", "");
            self.wrong += 1;
        }
        Ok(())
    }
}

/// Plays all events; fails when an answer is not what it should be.
pub(crate) fn play() -> Result<(), Failure> {
    let start = Instant::now();
    let mut host = Host::builder()
        .limit(Duration::from_secs(5))
        .spawn(Command::new(std::env::current_exe()?))?;
    println!(
        "a worker with the pid {} started in {:.1?}\n",
        host.pid(),
        start.elapsed()
    );
    println!("{:<34} {:>9}  what the client sees", "event", "took");
    let mut tour = Tour { wrong: 0 };

    let login = |token: &str| std::collections::BTreeMap::from([("token", token.to_owned())]);
    tour.show("connect", "user: \"ann\"", || {
        Ok(host.connect().json(&login("t-ann")).send()?)
    })?;
    tour.show("connect, wrong token", "error 404: no such user", || {
        Ok(host.connect().json(&login("x")).send()?)
    })?;
    tour.show("connect, no token", "error 107: bad request", || {
        Ok(host.connect().data("{}").send()?)
    })?;
    tour.show("refresh", "expired: false", || {
        Ok(host.refresh().user("ann").send()?)
    })?;
    tour.show("refresh, expired", "expired: true", || {
        Ok(host.refresh().user("bob").send()?)
    })?;
    tour.show("refresh, backend busy", "grace", || {
        Ok(host.refresh().user("carol").send()?)
    })?;
    tour.show("subscribe news:sport", "welcome to news:sport", || {
        Ok(host.subscribe("news:sport").user("ann").send()?)
    })?;
    tour.show("subscribe, banned", "disconnect 4501: you are banned", || {
        Ok(host.subscribe("news:sport").user("mallory").send()?)
    })?;
    tour.show("subscribe, no handler", "error 103: permission denied", || {
        Ok(host.subscribe("other").user("ann").send()?)
    })?;
    tour.show("sub_refresh news:sport", "expired: false", || {
        Ok(host.sub_refresh("news:sport").user("ann").send()?)
    })?;
    let line = r#"{"text":" hi "}"#;
    tour.show("publish chat:1", r#"{\"text\":\"hi\"}"#, || {
        Ok(host.publish("chat:1").user("ann").data(line).send()?)
    })?;
    tour.show("publish, anonymous", "error 101: unauthorized", || {
        Ok(host.publish("chat:1").data(line).send()?)
    })?;
    tour.show("publish, no such room", "error 102: unknown channel", || {
        Ok(host.publish("chat:x").user("ann").data(line).send()?)
    })?;
    tour.show("publish, empty line", "error 107: bad request", || {
        Ok(host
            .publish("chat:1")
            .user("ann")
            .data(r#"{"text":" "}"#)
            .send()?)
    })?;
    tour.show("rpc echo", r#"{ \"unchanged\": 1.0 }"#, || {
        Ok(host.rpc("echo").data(r#"{ "unchanged": 1.0 }"#).send()?)
    })?;
    tour.show("rpc square/12", "144", || Ok(host.rpc("square/12").send()?))?;
    tour.show("rpc wait 20 ms", "RpcResult", || {
        Ok(host.rpc("wait").json(&20).send()?)
    })?;
    tour.show("rpc tenant", "acme", || {
        Ok(host.rpc("tenant").header("x-tenant", "acme").send()?)
    })?;
    tour.show("rpc tenant, two headers", "error 100", || {
        Ok(host
            .rpc("tenant")
            .header("x-tenant", "a")
            .header("x-tenant", "b")
            .send()?)
    })?;
    tour.show("rpc divide, by zero: a panic", "error 100", || {
        Ok(host.rpc("divide").json(&(1, 0)).send()?)
    })?;
    tour.show("rpc forever, limit 50 ms", "error 100", || {
        Ok(host.rpc("forever").send()?)
    })?;
    tour.show("rpc disk, blocking", "false", || Ok(host.rpc("disk").send()?))?;
    tour.show("rpc, no handler", "error 104: method not found", || {
        Ok(host.rpc("nothing").send()?)
    })?;
    let occupied = ChannelEvent {
        time_ms: 1,
        channel: "chat:1".into(),
        r#type: "occupied".into(),
    };
    tour.show("notify_channel_state", "NotifyChannelStateResult", || {
        Ok(host.notify_channel_state(vec![occupied]).send()?)
    })?;
    tour.show("notify_cache_empty", "populated: false", || {
        Ok(host.notify_cache_empty("board:1").send()?)
    })?;
    tour.show("an event that can't be read", "has no event type", || {
        host.send_event(b"{}", b"")?;
        match host.receive()? {
            Received::Failure(reason) => Ok(format!(
                "error 100: internal server error (RoadRunner is told: {reason})"
            )),
            other => Err(format!("{other:?}").into()),
        }
    })?;

    let start = Instant::now();
    let status = host.stop()?;
    println!("\nstopped in {:.1?}: {status}", start.elapsed());
    if tour.wrong > 0 || !status.success() {
        return Err(format!("{} answers are not what they should be", tour.wrong).into());
    }
    Ok(())
}
