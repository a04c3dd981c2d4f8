//! Plays RoadRunner to a copy of this program, and prints each event beside what the client sees of the answer.

#![allow(clippy::print_stdout, reason = "printing is what the program is for")]

use std::io::Read;
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use centrifugo::proto::proxy::{ChannelEvent, ConnectResult, PublishResult, RefreshResult, RpcResult};
use centrifugo::testing::{Host, Received};

use crate::page::{Failure, Page};

/// Plays all events; fails when an answer is not the expected one.
pub(crate) fn play(show_log: bool) -> Result<(), Failure> {
    let start = Instant::now();
    let (mut command, log) = worker()?;
    // A backtrace in the middle of the page would be all that anybody sees of it.
    command.env("RUST_BACKTRACE", "0");
    let mut host = Host::builder().limit(Duration::from_secs(5)).spawn(command)?;
    println!("Worker {} started in {:.1?}.\n", host.pid(), start.elapsed());

    let mut page = Page::default();
    Page::header();
    connection_events(&mut page, &mut host)?;
    channel_events(&mut page, &mut host)?;
    rpc_events(&mut page, &mut host)?;
    failures(&mut page, &mut host)?;
    notifications(&mut page, &mut host)?;

    let start = Instant::now();
    let status = host.stop()?;
    let stopped = start.elapsed();
    let log = log.join().map_err(|_| "the reader of the log panicked")??;
    let summary = page.summary();
    println!("The worker stopped in {stopped:.1?} ({status}).");
    if show_log {
        println!("\nWhat the worker logged:\n\n{log}");
    } else {
        let lines = log.lines().count();
        println!("It logged {lines} lines: `cargo run -p tour -- --log` prints them too.");
    }
    if !status.success() {
        return Err(format!("the worker failed: {status}").into());
    }
    summary
}

/// The command that starts the worker, and a thread that collects what it logs.
fn worker() -> Result<(Command, JoinHandle<std::io::Result<String>>), Failure> {
    let (mut reader, writer) = std::io::pipe()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.stderr(writer);
    let log = thread::spawn(move || {
        let mut text = String::new();
        reader.read_to_string(&mut text)?;
        Ok(text)
    });
    Ok((command, log))
}

fn connection_events(page: &mut Page, host: &mut Host) -> Result<(), Failure> {
    let connected = |result: &ConnectResult| {
        let lifetime = minutes_left(result.expire_at);
        format!("connected as {} for {lifetime}", result.user)
    };
    let refreshed = |result: &RefreshResult| match result.expired {
        true => "expired".to_owned(),
        false => format!("goes on for {}", minutes_left(result.expire_at)),
    };

    let sent = r#"{"token":"t-ann"}"#;
    page.row(
        "connect",
        sent,
        "connected as ann for 60 min",
        || host.connect().data(sent).send(),
        connected,
    )?;
    let sent = r#"{"token":"wrong"}"#;
    page.row(
        "connect, wrong token",
        sent,
        "error 404: no such user",
        || host.connect().data(sent).send(),
        connected,
    )?;
    let sent = "{}";
    page.row(
        "connect, no token",
        sent,
        "error 107: bad request",
        || host.connect().data(sent).send(),
        connected,
    )?;
    for (event, user, expected) in [
        ("refresh", "ann", "goes on for 60 min"),
        ("refresh, expired", "bob", "expired"),
        (
            "refresh, backend busy",
            "carol",
            "nothing: 60 s of grace, then asked again",
        ),
    ] {
        page.row(
            event,
            &format!("user {user}"),
            expected,
            || host.refresh().user(user).send(),
            refreshed,
        )?;
    }
    Ok(())
}

fn channel_events(page: &mut Page, host: &mut Host) -> Result<(), Failure> {
    for (event, channel, user, expected) in [
        (
            "subscribe news:sport",
            "news:sport",
            "ann",
            "subscribed, data \"welcome to news:sport\"",
        ),
        (
            "subscribe news:sport, banned",
            "news:sport",
            "mallory",
            "disconnect 4501: you are banned",
        ),
        (
            "subscribe other, no handler",
            "other",
            "ann",
            "error 103: permission denied",
        ),
    ] {
        page.row(
            event,
            &format!("user {user}"),
            expected,
            || host.subscribe(channel).user(user).send(),
            |result| format!("subscribed, data {}", text(&result.data)),
        )?;
    }
    page.row(
        "sub_refresh news:sport",
        "user ann",
        "goes on for 1 min",
        || host.sub_refresh("news:sport").user("ann").send(),
        |result| format!("goes on for {}", minutes_left(result.expire_at)),
    )?;

    let published = |result: &PublishResult| format!("published {}", text(&result.data));
    let (line, empty) = (r#"{"text":" hi "}"#, r#"{"text":" "}"#);
    for (event, channel, user, data, expected) in [
        (
            "publish chat:1",
            "chat:1",
            "ann",
            line,
            r#"published {"text":"hi"}"#,
        ),
        (
            "publish chat:1, anonymous",
            "chat:1",
            "",
            line,
            "error 101: unauthorized",
        ),
        (
            "publish chat:x, not a number",
            "chat:x",
            "ann",
            line,
            "error 102: unknown channel",
        ),
        (
            "publish chat:1, empty line",
            "chat:1",
            "ann",
            empty,
            "error 107: bad request",
        ),
    ] {
        let sent = match user {
            "" => data.to_owned(),
            user => format!("user {user}, {data}"),
        };
        page.row(
            event,
            &sent,
            expected,
            || host.publish(channel).user(user).data(data).send(),
            published,
        )?;
    }
    Ok(())
}

fn rpc_events(page: &mut Page, host: &mut Host) -> Result<(), Failure> {
    for (event, method, data, expected) in [
        (
            "rpc echo",
            "echo",
            r#"{ "unchanged": 1.0 }"#,
            r#"{ "unchanged": 1.0 }"#,
        ),
        ("rpc square/12", "square/12", "", "144"),
        ("rpc wait", "wait", "20", "no data"),
        ("rpc disk, a blocking handler", "disk", "", "false"),
        (
            "rpc nothing, no handler",
            "nothing",
            "",
            "error 104: method not found",
        ),
    ] {
        page.row(
            event,
            data,
            expected,
            || host.rpc(method).data(data).send(),
            rpc_data,
        )?;
    }
    page.row(
        "rpc tenant",
        "header x-tenant: acme",
        "\"acme\"",
        || host.rpc("tenant").header("x-tenant", "acme").send(),
        rpc_data,
    )?;
    Ok(())
}

fn failures(page: &mut Page, host: &mut Host) -> Result<(), Failure> {
    let internal = "error 100: internal server error (temporary)";
    page.row(
        "rpc tenant, two values",
        "headers x-tenant: a, x-tenant: b",
        internal,
        || {
            let request = host.rpc("tenant");
            request.header("x-tenant", "a").header("x-tenant", "b").send()
        },
        rpc_data,
    )?;
    page.row(
        "rpc divide, a panic",
        "[1,0]",
        internal,
        || host.rpc("divide").data("[1,0]").send(),
        rpc_data,
    )?;
    page.row(
        "rpc forever, limit 50 ms",
        "",
        internal,
        || host.rpc("forever").send(),
        rpc_data,
    )?;
    page.print(
        "an unreadable event",
        "a context without a type",
        internal,
        || {
            host.send_event(b"{}", b"")?;
            match host.receive()? {
                Received::Failure(_) => Ok(internal.to_owned()),
                other => Err(format!("{other:?}").into()),
            }
        },
    )
}

fn notifications(page: &mut Page, host: &mut Host) -> Result<(), Failure> {
    let occupied = ChannelEvent {
        time_ms: 1,
        channel: "chat:1".into(),
        r#type: "occupied".into(),
    };
    page.row(
        "notify_channel_state",
        "chat:1 occupied",
        r#"nothing: Centrifugo hears "done""#,
        || host.notify_channel_state(vec![occupied]).send(),
        |_| r#"nothing: Centrifugo hears "done""#.to_owned(),
    )?;
    page.row(
        "notify_cache_empty",
        "board:1",
        r#"nothing: Centrifugo hears "not populated""#,
        || host.notify_cache_empty("board:1").send(),
        |result| {
            let populated = if result.populated {
                "populated"
            } else {
                "not populated"
            };
            format!(r#"nothing: Centrifugo hears "{populated}""#)
        },
    )?;
    Ok(())
}

fn rpc_data(result: &RpcResult) -> String {
    match &result.data[..] {
        [] => "no data".to_owned(),
        data => text(data),
    }
}

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// How long it is until a time in Unix seconds.
fn minutes_left(expire_at: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = expire_at - i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    format!("{} min", (seconds + 30) / 60)
}
