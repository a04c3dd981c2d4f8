//! Each event and what becomes of it, over real pipes.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use centrifugo::proto::proxy::ChannelEvent;
use support::{Log, host, worker};

use centrifugo::testing::{Host, RelayKind};

#[test]
fn connect() {
    let (mut host, _log) = host("every");
    let answer = host.connect().send().unwrap();
    let result = answer.result().unwrap();
    assert_eq!(
        (result.user.as_str(), &result.info[..]),
        ("42", &br#""card""#[..])
    );
}

#[test]
fn subscribe_binds_names() {
    let (mut host, _log) = host("every");
    assert_eq!(
        &host
            .subscribe("news:sport")
            .send()
            .unwrap()
            .result()
            .unwrap()
            .data[..],
        br#""news:sport""#
    );
    assert_eq!(
        host.subscribe("news:secret").send().unwrap().client_sees(),
        "error 103: permission denied"
    );
    assert_eq!(
        host.subscribe("news:banned").send().unwrap().client_sees(),
        "disconnect 4501: banned"
    );
    assert_eq!(
        host.subscribe("news:a/b").send().unwrap().client_sees(),
        "error 103: permission denied"
    );
}

#[test]
fn publish_passes_data_on() {
    let (mut host, _log) = host("every");
    let answer = host.publish("chat:7").data(r#"{ "a":1.0}"#).send().unwrap();
    assert_eq!(&answer.result().unwrap().data[..], br#"{ "a":1.0}"#);
    // A value of the pattern that does not parse: no second choice.
    assert_eq!(
        host.publish("chat:seven").send().unwrap().client_sees(),
        "error 102: unknown channel"
    );
}

#[test]
fn rpc_binds_names_by_name() {
    let (mut host, _log) = host("every");
    let answer = host.rpc("pair/7/x/y").send().unwrap();
    assert_eq!(
        answer.json::<(u8, String, String)>().unwrap(),
        (7, "x/y".into(), "pair/7/x/y".into())
    );
    assert_eq!(
        host.rpc("pair/700/x").send().unwrap().client_sees(),
        "error 104: method not found"
    );
    assert_eq!(
        host.rpc("sum")
            .json(&[1, 2, 3])
            .send()
            .unwrap()
            .json::<i64>()
            .unwrap(),
        6
    );
}

#[test]
fn data_is_unchanged() {
    let (mut host, _log) = host("every");
    let large = format!("\"{}\"", "x".repeat(1 << 20));
    for data in [
        "{}",
        "42",
        "null",
        "1.0",
        "1152921504606846976",
        "[]",
        " { \"a\" : [ ] } ",
        &large,
    ] {
        assert_eq!(
            &host
                .rpc("echo")
                .data(data.to_owned())
                .send()
                .unwrap()
                .result()
                .unwrap()
                .data[..],
            data.as_bytes()
        );
    }
    let empty = host.rpc("echo").send().unwrap();
    assert!(empty.result().unwrap().data.is_empty());
}

/// What Centrifugo makes of the answer to a refresh.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    GoesOn,
    Expires,
    HasGrace,
}

/// From the failure, or from the result's `expired` and `expire_at`.
fn then(failure: Option<&str>, result: Option<(bool, i64)>) -> Then {
    match (failure, result.unwrap_or_default()) {
        (Some(text), _) => {
            assert!(
                !text.contains("database") && !text.contains("at the handler"),
                "{text}"
            );
            Then::HasGrace
        }
        (None, (true, _)) => Then::Expires,
        (None, (false, at)) => {
            assert_eq!(at, 2_000_000_000);
            Then::GoesOn
        }
    }
}

#[test]
fn both_refreshes_say_what_centrifugo_reads() {
    let (mut host, log) = host("every");
    for (user, expected) in [
        ("1", Then::GoesOn),
        ("gone", Then::Expires),
        ("banned", Then::Expires),
        ("refused", Then::Expires),
        // Anonymous, where the handler asks for a user.
        ("", Then::Expires),
        ("busy", Then::HasGrace),
        ("internal", Then::HasGrace),
        ("panic", Then::HasGrace),
        ("hang", Then::HasGrace),
    ] {
        let answer = host.refresh().user(user).send().unwrap();
        let result = answer.result().map(|result| (result.expired, result.expire_at));
        assert_eq!(then(answer.failure(), result), expected, "{user}");

        let answer = host.sub_refresh("news:a").user(user).send().unwrap();
        let result = answer.result().map(|result| (result.expired, result.expire_at));
        assert_eq!(then(answer.failure(), result), expected, "{user}");
    }
    // Centrifugo reads no reason: the log has it.
    let log = log.wait_for("within the time limit");
    for (error, means) in [
        ("disconnect 4500: banned", "means=\"expired\""),
        ("error 103: permission denied", "means=\"expired\""),
        ("error 101: unauthorized", "means=\"expired\""),
        ("error 1000: busy", "means=\"grace\""),
        ("the database", "handler failed"),
        ("panicked: at the handler", "handler failed"),
    ] {
        for kind in ["kind=refresh ", "kind=sub_refresh "] {
            let found = log
                .lines()
                .any(|line| line.contains(error) && line.contains(means) && line.contains(kind));
            assert!(found, "{kind}, {error}, {means} in {log}");
        }
    }
}

#[test]
fn the_log_has_what_the_client_must_not_learn() {
    let (mut host, log) = host("every");
    let shape = host.rpc("sum").json(&["1"]).send().unwrap();
    assert_eq!(shape.client_sees(), "error 107: bad request");
    let name = host.rpc("pair/x/y").send().unwrap();
    assert_eq!(name.client_sees(), "error 104: method not found");
    // Nothing more is known of this one: no news.
    let plain = host.subscribe("news:secret").send().unwrap();
    assert_eq!(plain.client_sees(), "error 103: permission denied");
    let internal = host.rpc("internal").send().unwrap();
    assert_eq!(
        internal.client_sees(),
        "error 100: internal server error (temporary)"
    );

    let log = log.wait_for("handler failed");
    let refused: Vec<_> = log
        .lines()
        .filter(|line| line.contains("client message refused: malformed"))
        .collect();
    let [shape, name] = refused[..] else {
        panic!("two lines expected in {log}");
    };
    for (line, handler, text) in [
        (
            shape,
            "handler=\"sum\"",
            "error 107: bad request: $[0]: expected ",
        ),
        (
            name,
            "handler=\"pair\"",
            "error 104: method not found: `x` in the channel ",
        ),
    ] {
        assert!(
            line.contains(" INFO ")
                && line.contains("kind=rpc ")
                && line.contains(handler)
                && line.contains(text),
            "{line}"
        );
    }
}

#[test]
fn a_sub_refresh_without_a_handler_has_grace() {
    let (mut host, _log) = host("every");
    let answer = host.sub_refresh("other").user("1").send().unwrap();
    assert!(answer.failure().is_some(), "{answer}");
}

#[test]
fn notifications() {
    let (mut host, _log) = host("every");
    let event = ChannelEvent {
        time_ms: 1,
        channel: "a".into(),
        r#type: "occupied".into(),
    };
    assert!(
        host.notify_channel_state(vec![event])
            .send()
            .unwrap()
            .result()
            .is_some()
    );
    assert!(
        host.notify_cache_empty("cache:a")
            .send()
            .unwrap()
            .result()
            .unwrap()
            .populated
    );
    assert!(
        !host
            .notify_cache_empty("other")
            .send()
            .unwrap()
            .result()
            .unwrap()
            .populated
    );
}

#[test]
fn a_notification_that_goes_wrong_is_not_taken_as_done() {
    let (mut host, _log) = host("every");
    for (how, code) in [
        ("internal", 100),
        ("panic", 100),
        ("hang", 100),
        // There is no client to disconnect.
        ("banned", 100),
        ("refused", 103),
        ("busy", 1000),
    ] {
        let event = ChannelEvent {
            channel: how.into(),
            ..Default::default()
        };
        let answer = host.notify_channel_state(vec![event]).send().unwrap();
        assert_eq!(answer.error().map(|error| error.code), Some(code), "{how}");
        assert!(
            answer.failure().is_none() && answer.disconnect().is_none(),
            "{how}"
        );

        // Its response has no error, so that «not populated» would be all that could be said.
        let answer = host.notify_cache_empty(&format!("cache:{how}")).send().unwrap();
        assert_eq!(answer.failure(), Some("the handler failed"), "{how}");
    }
    let event = ChannelEvent::default();
    let answer = host.notify_channel_state(vec![event]).send().unwrap();
    assert!(answer.result().is_some(), "{answer}");
}

#[test]
fn the_last_type_counts() {
    let (mut host, _log) = host("every");
    assert_eq!(
        host.connect()
            .header("type", "rpc")
            .send()
            .unwrap()
            .result()
            .unwrap()
            .user,
        "42"
    );
    assert_eq!(
        host.rpc("sum")
            .header("Type", "subscribe")
            .json(&[1])
            .send()
            .unwrap()
            .json::<i64>()
            .unwrap(),
        1
    );
}

#[test]
fn metadata_leaves_out_what_is_not_the_clients() {
    let (mut host, _log) = host("every");
    let keys = host
        .rpc("headers")
        .header("x-foo", "1")
        .header("grpc-timeout", "1S")
        .send()
        .unwrap()
        .json::<Vec<String>>()
        .unwrap();
    assert_eq!(keys, ["content-type", "user-agent", "x-foo"]);
}

#[test]
fn data_that_is_not_json_never_reaches_a_json_client() {
    let (mut host, log) = host("every");
    assert_eq!(host.rpc("not-json").send().unwrap().error().unwrap().code, 100);
    log.wait_for("not JSON");
    let binary = host
        .rpc("not-json")
        .with(|request| request.protocol = "protobuf".into())
        .send()
        .unwrap();
    assert_eq!(&binary.result().unwrap().data[..], b"{oops");
    assert_eq!(
        host.rpc("sum").data("{").send().unwrap().client_sees(),
        "error 107: bad request"
    );
}

#[test]
fn base64_data_is_decoded() {
    let (mut host, _log) = host("every");
    let answer = host
        .rpc("echo")
        .with(|request| request.b64data = "AP8=".into())
        .send()
        .unwrap();
    assert_eq!(&answer.result().unwrap().data[..], [0, 255]);
    let broken = host
        .rpc("echo")
        .with(|request| request.b64data = "%".into())
        .send()
        .unwrap();
    assert_eq!(broken.error().unwrap().code, 107);
}

#[test]
fn an_event_without_a_handler_is_refused() {
    let (mut host, log) = host("one");
    assert_eq!(host.rpc("nope").send().unwrap().error().unwrap().code, 104);
    assert_eq!(host.subscribe("a").send().unwrap().error().unwrap().code, 103);
    assert_eq!(host.publish("a").send().unwrap().error().unwrap().code, 103);
    assert_eq!(host.connect().send().unwrap().error().unwrap().code, 101);
    assert!(host.refresh().send().unwrap().failure().is_some());
    assert!(host.sub_refresh("a").send().unwrap().failure().is_some());
    for _ in 0..2 {
        assert!(
            host.notify_channel_state(Vec::new())
                .send()
                .unwrap()
                .result()
                .is_some()
        );
        assert!(
            !host
                .notify_cache_empty("a")
                .send()
                .unwrap()
                .result()
                .unwrap()
                .populated
        );
    }
    assert_eq!(log.wait_for("taken as done").matches("taken as done").count(), 1);
}

#[test]
fn tcp_and_unix_relays() {
    for relay in [RelayKind::Tcp, RelayKind::Unix] {
        let log = Log::new("relay");
        let mut command = worker("every");
        command.stderr(log.create());
        let mut host = Host::builder().relay(relay).spawn(command).unwrap();
        assert_eq!(
            host.rpc("sum")
                .json(&[1, 2])
                .send()
                .unwrap()
                .json::<i64>()
                .unwrap(),
            3
        );
        let large = "7".repeat(1 << 20);
        assert_eq!(
            host.rpc("echo")
                .data(large.clone())
                .send()
                .unwrap()
                .result()
                .unwrap()
                .data,
            large
        );
        assert!(host.stop().unwrap().success(), "{relay:?}: {}", log.text());
    }
}
