//! What arrives on the stream that is not as it should be.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use centrifugo::event::{EventKind, markers};
use centrifugo::proto::proxy::RpcRequest;
use centrifugo::testing::{Answer, Host, Received};
use prost::Message;
use support::{Log, host, worker};

const CONTEXT: &[u8] = br#"{"type":["rpc"]}"#;

fn sum() -> Vec<u8> {
    RpcRequest {
        method: "sum".into(),
        data: "[1]".into(),
        ..Default::default()
    }
    .encode_to_vec()
}

/// A frame as bytes: version and length, flags, payload length, checksum, stream, options, payload.
fn frame(flags: u8, stream: u8, options: &[u32], payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x13 + options.len() as u8, flags];
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(crc(&bytes).to_le_bytes());
    bytes.extend([stream, 0]);
    options
        .iter()
        .for_each(|option| bytes.extend(option.to_le_bytes()));
    bytes.extend(payload);
    bytes
}

/// CRC-32 (IEEE), bit by bit: the test has a check of its own.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

fn event(context: &[u8], body: &[u8]) -> Vec<u8> {
    frame(0x80, 0, &[context.len() as u32], &[context, body].concat())
}

fn assert_alive(host: &mut Host) {
    assert_eq!(
        host.rpc("sum")
            .json(&[1, 1])
            .send()
            .unwrap()
            .json::<i64>()
            .unwrap(),
        2
    );
}

#[test]
fn an_event_that_can_not_be_read_is_one_error_and_the_worker_lives_on() {
    let notes = Log::new("notes");
    let mut command = worker("every");
    command
        .env("NOTES", notes.path())
        .stderr(std::process::Stdio::null());
    let mut host = Host::spawn(command).unwrap();
    let cases: &[(&[u8], &[u8], &str)] = &[
        (br#"{"type":["nope"]}"#, b"", "unknown"),
        (b"{}", b"", "has no event type"),
        (b"", b"", "can't be read"),
        (b"{\"type\":", b"", "can't be read"),
        (br#"{"type":"rpc"}"#, b"", "can't be read"),
        (b"\xff\xfe", b"", "can't be read"),
        (CONTEXT, b"\xff\xff\xff", "not a request"),
        (CONTEXT, b"\x5a\xff\xff\xff\xff\x0fx", "not a request"),
        (br#"{"type":["refresh"]}"#, b"\x0a\x02\xff\xfe", "not a request"),
    ];
    for (context, body, reason) in cases {
        host.send_event(context, body).unwrap();
        match host.receive().unwrap() {
            Received::Failure(text) => assert!(text.contains(reason), "{text}"),
            other => panic!("{other:?}"),
        }
        assert_alive(&mut host);
    }
    let notes = notes.wait_for("invalid Some(Refresh)");
    assert_eq!(notes.matches("\ninvalid ").count(), cases.len(), "{notes}");
    assert!(
        notes.contains("invalid Some(Rpc): the body is not a request"),
        "{notes}"
    );
}

/// Sends an event whose body is empty.
fn send_empty(host: &mut Host, name: &str) -> Received {
    let context = format!(r#"{{"type":["{name}"]}}"#);
    host.send_event(context.as_bytes(), b"").unwrap();
    host.receive().unwrap()
}

fn answer_to_empty<K: EventKind>(host: &mut Host, name: &str) -> Answer<K> {
    match send_empty(host, name) {
        Received::Answer(body) => Answer::decode(&body).unwrap(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_body_of_zero_bytes_is_a_request() {
    let (mut host, _log) = host("every");
    let host = &mut host;
    let connect = answer_to_empty::<markers::Connect>(host, "connect");
    assert_eq!(connect.result().unwrap().user, "42");
    // Nobody's connection, where the handler asks for a user.
    let refresh = answer_to_empty::<markers::Refresh>(host, "refresh");
    assert!(refresh.result().unwrap().expired);
    // No handler has the empty channel, nor the empty method.
    let subscribe = answer_to_empty::<markers::Subscribe>(host, "subscribe");
    assert_eq!(subscribe.error().unwrap().code, 103);
    let publish = answer_to_empty::<markers::Publish>(host, "publish");
    assert_eq!(publish.error().unwrap().code, 103);
    let rpc = answer_to_empty::<markers::Rpc>(host, "rpc");
    assert_eq!(rpc.error().unwrap().code, 104);
    let Received::Failure(reason) = send_empty(host, "subrefresh") else {
        panic!("a sub_refresh without a handler has an answer");
    };
    assert!(!reason.contains("not a request"), "{reason}");
    // No events, and no channel.
    let state = answer_to_empty::<markers::NotifyChannelState>(host, "notifychannelstate");
    assert!(state.result().is_some(), "{state}");
    let cache = answer_to_empty::<markers::NotifyCacheEmpty>(host, "notifycacheempty");
    assert!(!cache.result().unwrap().populated);
}

#[test]
fn a_context_longer_than_the_frame_is_one_error() {
    let (mut host, _log) = host("every");
    host.send_raw(&frame(0x80, 0, &[1000], CONTEXT)).unwrap();
    assert!(matches!(host.receive().unwrap(), Received::Failure(_)));
    host.send_raw(&frame(0x80, 0, &[], CONTEXT)).unwrap();
    assert!(matches!(host.receive().unwrap(), Received::Failure(_)));
    assert_alive(&mut host);
}

#[test]
fn frames_split_at_every_byte_and_several_in_one_write() {
    let (mut host, _log) = host("every");
    let bytes = event(CONTEXT, &sum());
    for at in 1..bytes.len() {
        host.send_raw(&bytes[..at]).unwrap();
        if at % 8 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        host.send_raw(&bytes[at..]).unwrap();
        assert!(
            matches!(host.receive().unwrap(), Received::Answer(_)),
            "split at {at}"
        );
    }
    host.send_raw(&bytes.repeat(50)).unwrap();
    for _ in 0..50 {
        assert!(matches!(host.receive().unwrap(), Received::Answer(_)));
    }
}

#[test]
fn more_options_than_one_and_every_flag() {
    let (mut host, _log) = host("every");
    let payload = [CONTEXT, &sum()].concat();
    for count in 1..=10 {
        let mut options = vec![7; count];
        options[0] = CONTEXT.len() as u32;
        host.send_raw(&frame(0x80, 0, &options, &payload)).unwrap();
        assert!(
            matches!(host.receive().unwrap(), Received::Answer(_)),
            "{count} options"
        );
    }
    for flags in (0..=255).filter(|flags| flags & 1 == 0) {
        host.send_raw(&frame(flags, 0, &[CONTEXT.len() as u32], &payload))
            .unwrap();
        assert!(
            matches!(host.receive().unwrap(), Received::Answer(_)),
            "flags {flags:#x}"
        );
    }
    // Commands that ask for nothing have no answer: the next one is that of the event.
    for flags in (0..=255).filter(|flags| flags & 1 == 1) {
        host.send_raw(&frame(flags, 0, &[], b"{}")).unwrap();
        host.send_raw(&frame(flags, 0, &[2, 7], b"{}")).unwrap();
        host.send_raw(&frame(0x80, 0, &[CONTEXT.len() as u32], &payload))
            .unwrap();
        assert!(
            matches!(host.receive().unwrap(), Received::Answer(_)),
            "flags {flags:#x}"
        );
    }
    for stream in [0x02, 0x08, 0x0a] {
        host.send_raw(&frame(0, stream, &[], b"")).unwrap();
    }
    for command in ["", "{}", "nope", r#"{"stop":false}"#, r#"{"other":1}"#] {
        host.send_raw(&frame(0x09, 0, &[], command.as_bytes())).unwrap();
    }
    assert_alive(&mut host);
}

#[test]
fn a_frame_cut_at_every_byte_ends_the_worker_quietly() {
    let bytes = &event(CONTEXT, &sum());
    let assert_quiet = |at: usize| {
        let (mut host, log) = host("every");
        host.send_raw(&bytes[..at]).unwrap();
        assert!(host.hang_up().unwrap().success(), "cut at {at}");
        let log = log.text();
        let said = format!("relay closed in the middle of a frame bytes={at}\n");
        assert_eq!(log.matches(&said).count(), 1, "{said} in {log}");
        assert!(!log.contains("ERROR") && !log.contains("Error"), "{log}");
    };
    // Several at once.
    std::thread::scope(|scope| {
        for first in 1..=8 {
            scope.spawn(move || (first..bytes.len()).step_by(8).for_each(assert_quiet));
        }
    });
}

#[test]
fn a_malformed_frame_ends_the_worker_with_its_reason() {
    let mut crc = event(CONTEXT, &sum());
    crc[7] ^= 1;
    let mut version = event(CONTEXT, &sum());
    version[0] = 0x24;
    let mut short = event(CONTEXT, &sum());
    short[0] = 0x12;
    let mut long = event(CONTEXT, &sum());
    long[0] = 0x1e;
    let mut huge = vec![0x13, 0x80, 0xff, 0xff, 0xff, 0xff];
    huge.extend(self::crc(&huge).to_le_bytes());
    huge.extend([0, 0]);
    for (bytes, reason) in [
        (crc, "checksum"),
        (version, "version is 2"),
        (short, "2 words"),
        (long, "14 words"),
        (huge, "the limit is 67108864"),
        (b"GET / HTTP/1.1\r\n".to_vec(), "version is 4"),
    ] {
        let (mut host, log) = host("every");
        host.send_raw(&bytes).unwrap();
        assert_eq!(host.wait().unwrap().code(), Some(1), "{reason}");
        assert!(log.text().contains(reason), "{reason}: {}", log.text());
    }
}
