//! Every kind of event and its answer, over pipes, tcp and unix sockets.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use centrifugo::proto::proxy::ChannelEvent;
use support::{Log, host, worker};

use centrifugo::testing::{Host, RelayKind};

#[test]
fn answers_a_connect() {
    let (mut host, _log) = host("all_events");
    let answer = host.connect().send().unwrap();
    let result = answer.result().unwrap();
    assert_eq!(
        (result.user.as_str(), &result.info[..]),
        ("42", &br#""card""#[..])
    );
}

#[test]
fn binds_channel_parameters_in_subscribe() {
    let (mut host, _log) = host("all_events");
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
fn passes_data_on_in_publish() {
    let (mut host, _log) = host("all_events");
    let answer = host.publish("chat:7").data(r#"{ "a":1.0}"#).send().unwrap();
    assert_eq!(&answer.result().unwrap().data[..], br#"{ "a":1.0}"#);
    // A parameter that does not parse is an error. No other pattern is tried.
    assert_eq!(
        host.publish("chat:seven").send().unwrap().client_sees(),
        "error 102: unknown channel"
    );
}

#[test]
fn binds_rpc_parameters_by_name() {
    let (mut host, _log) = host("all_events");
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
fn passes_data_unchanged() {
    let (mut host, _log) = host("all_events");
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

/// What Centrifugo does with the answer to a refresh.
#[derive(Clone, Copy, Debug, PartialEq)]
enum RefreshEffect {
    GoesOn,
    Expires,
    HasGrace,
}

/// Derives the effect from the failure, or from the result's `expired` and `expire_at`.
fn refresh_effect(failure: Option<&str>, result: Option<(bool, i64)>) -> RefreshEffect {
    match (failure, result.unwrap_or_default()) {
        (Some(text), _) => {
            assert!(
                !text.contains("database") && !text.contains("at the handler"),
                "{text}"
            );
            RefreshEffect::HasGrace
        }
        (None, (true, _)) => RefreshEffect::Expires,
        (None, (false, at)) => {
            assert_eq!(at, 2_000_000_000);
            RefreshEffect::GoesOn
        }
    }
}

#[test]
fn answers_refresh_and_sub_refresh_as_centrifugo_reads_them() {
    let (mut host, log) = host("all_events");
    for (user, expected) in [
        ("1", RefreshEffect::GoesOn),
        ("gone", RefreshEffect::Expires),
        ("banned", RefreshEffect::Expires),
        ("refused", RefreshEffect::Expires),
        // An anonymous client, although the handler takes a user.
        ("", RefreshEffect::Expires),
        ("busy", RefreshEffect::HasGrace),
        ("internal", RefreshEffect::HasGrace),
        ("panic", RefreshEffect::HasGrace),
        ("hang", RefreshEffect::HasGrace),
    ] {
        let answer = host.refresh().user(user).send().unwrap();
        let result = answer.result().map(|result| (result.expired, result.expire_at));
        assert_eq!(refresh_effect(answer.failure(), result), expected, "{user}");

        let answer = host.sub_refresh("news:a").user(user).send().unwrap();
        let result = answer.result().map(|result| (result.expired, result.expire_at));
        assert_eq!(refresh_effect(answer.failure(), result), expected, "{user}");
    }
    // Centrifugo does not read the reason, so it is in the log.
    let log = log.wait_for("no reply within 100ms, the `timeout` of the handler's attribute");
    for (error, means) in [
        ("disconnect 4500: banned", "effect=\"expired\""),
        ("error 103: permission denied", "effect=\"expired\""),
        ("error 101: unauthorized", "effect=\"expired\""),
        ("error 1000: busy", "effect=\"grace\""),
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
fn logs_details_that_clients_do_not_see() {
    let (mut host, log) = host("all_events");
    let shape = host.rpc("sum").json(&["1"]).send().unwrap();
    assert_eq!(shape.client_sees(), "error 107: bad request");
    let name = host.rpc("pair/x/y").send().unwrap();
    assert_eq!(name.client_sees(), "error 104: method not found");
    // This refusal has no details, so it is not logged.
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
fn grants_grace_to_a_sub_refresh_without_a_handler() {
    let (mut host, _log) = host("all_events");
    let answer = host.sub_refresh("other").user("1").send().unwrap();
    assert!(answer.failure().is_some(), "{answer}");
}

#[test]
fn acknowledges_notifications() {
    let (mut host, _log) = host("all_events");
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
fn does_not_acknowledge_a_failed_notification() {
    let (mut host, _log) = host("all_events");
    for (how, code) in [
        ("internal", 100),
        ("panic", 100),
        ("hang", 100),
        // A notification has no client that could be disconnected.
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

        // The response has no error field, and «not populated» would be wrong.
        let answer = host.notify_cache_empty(&format!("cache:{how}")).send().unwrap();
        assert_eq!(answer.failure(), Some("the handler failed"), "{how}");
    }
    let event = ChannelEvent::default();
    let answer = host.notify_channel_state(vec![event]).send().unwrap();
    assert!(answer.result().is_some(), "{answer}");
}

#[test]
fn uses_the_last_type_header() {
    let (mut host, _log) = host("all_events");
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
fn leaves_headers_of_the_transport_out_of_the_metadata() {
    let (mut host, _log) = host("all_events");
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
fn refuses_data_that_is_not_json_for_a_json_client() {
    let (mut host, log) = host("all_events");
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
fn decodes_base64_data() {
    let (mut host, _log) = host("all_events");
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
fn refuses_an_event_without_a_handler() {
    let (mut host, log) = host("one_handler");
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
    assert_eq!(
        log.wait_for("acknowledging it")
            .matches("acknowledging it")
            .count(),
        1
    );
}

#[test]
fn serves_over_tcp_and_unix_sockets() {
    for relay in [RelayKind::Tcp, RelayKind::Unix] {
        let log = Log::new("relay");
        let mut command = worker("all_events");
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
