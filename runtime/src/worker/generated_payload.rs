//! Generates the payloads of frames: contexts, bodies and commands, valid and invalid.

use super::expected_response::{EVENT_NAMES, ExpectedResponse};
use crate::fuzzing::Choices;

/// Returns a context, most of the time a valid one.
pub(super) fn context(choices: &mut Choices<'_>) -> Vec<u8> {
    const SHAPES: [&str; 18] = [
        r#"{"type":["NAME"]}"#,
        r#"{":authority":["127.0.0.1:30000"],"content-type":["application/grpc"],"type":["NAME"],"x":["1","\u003c"]}"#,
        r#"{"type":["connect","NAME"]}"#,
        r#"{"type":["connect"],"type":["NAME"]}"#,
        r#" { "x" : null , "t\u0079pe" : [ "NAME" ] } "#,
        r#"{"type":["NAME"],"type":[]}"#,
        r#"{"type":["NAME"],"type":null}"#,
        r#"{"type":["NAME",1]}"#,
        r#"{"type":["NAME"],"x":"1"}"#,
        r#"{"type":"NAME"}"#,
        r#"{"type":["NAME\n"]}"#,
        r#"{"type":["\ud800","NAME"]}"#,
        r#"{"type":["NAME"]},"#,
        r#"["NAME"]"#,
        r#"{"Type":["NAME"]}"#,
        "{}",
        "null",
        "",
    ];
    const UNKNOWN_NAMES: [&str; 4] = ["nope", "map_publish", "Rpc", ""];
    let shape = match choices.below(4) {
        0 => choices.of(&SHAPES),
        _ => choices.of(&SHAPES[..5]),
    };
    let name = match choices.below(8) {
        7 => choices.of(&UNKNOWN_NAMES),
        _ => choices.of(&EVENT_NAMES).0,
    };
    let mut context = shape.replace("NAME", name).into_bytes();
    if choices.below(16) == 15 {
        // Invalid UTF-8, inside or outside of a string.
        context.insert(choices.below(context.len() + 1), 0xff);
    }
    choices.cut(&mut context);
    context
}

/// Returns the body of an event: fields that the requests of several kinds have, or arbitrary bytes.
pub(super) fn body(choices: &mut Choices<'_>) -> Vec<u8> {
    const NUMBERS: [u32; 12] = [11, 12, 1, 2, 3, 4, 10, 13, 14, 16, 100, u32::MAX];
    const TEXTS: [&[u8]; 8] = [
        b"echo",
        b"",
        b"[1,2]",
        b"{",
        b"W10=",
        "\u{e9}".as_bytes(),
        b"\xff",
        &[b'1'; 20_000],
    ];
    let mut body = Vec::new();
    match choices.below(4) {
        0 => return choices.bytes(),
        1 => {}
        _ => {
            for _ in 0..choices.below(6) {
                let wire = match choices.below(8) {
                    7 => choices.below(8) as u64,
                    _ => 2,
                };
                let (number, text) = (choices.of(&NUMBERS), choices.of(&TEXTS));
                prost::encoding::encode_varint(u64::from(number) << 3 | wire, &mut body);
                prost::encoding::encode_varint(text.len() as u64, &mut body);
                body.extend(text);
            }
        }
    }
    choices.cut(&mut body);
    body
}

/// Returns the payload of a command, and the expected response.
pub(super) fn command(choices: &mut Choices<'_>) -> (Vec<u8>, ExpectedResponse) {
    // Each field with its meaning: whether it is set. `None` if it makes the whole command unreadable.
    const PIDS: [(&str, Option<bool>); 8] = [
        (r#""pid":1"#, Some(true)),
        (r#""pid":18446744073709551615"#, Some(true)),
        ("", Some(false)),
        (r#""pid":null"#, Some(false)),
        (r#""pid":18446744073709551616"#, None),
        (r#""pid":-1"#, None),
        (r#""pid":1.5"#, None),
        (r#""pid":"1""#, None),
    ];
    const STOPS: [(&str, Option<bool>); 8] = [
        ("", Some(false)),
        ("", Some(false)),
        ("", Some(false)),
        ("", Some(false)),
        (r#""stop":false"#, Some(false)),
        (r#""stop":true"#, Some(true)),
        (r#""stop":null"#, None),
        (r#""stop":1"#, None),
    ];
    const OTHERS: [&str; 3] = ["", r#""x":[{}]"#, r#""Stop":true"#];
    match choices.below(8) {
        7 => {
            // Bytes that are not a JSON object.
            let bytes = choices.bytes().into_iter().map(|byte| match byte {
                b'{' => b'!',
                other => other,
            });
            (bytes.collect(), ExpectedResponse::None)
        }
        // An array of the fields.
        5 => (
            choices.of(&[&b"[1]"[..], b"[null,true]", b" [1,false]"]).to_vec(),
            ExpectedResponse::None,
        ),
        6 => (context(choices), ExpectedResponse::None),
        _ => {
            let ((pid, is_pid), (stop, is_stop)) = (choices.of(&PIDS), choices.of(&STOPS));
            let mut fields = [pid, stop, choices.of(&OTHERS)];
            fields.rotate_left(choices.below(3));
            let fields: Vec<_> = fields.into_iter().filter(|field| !field.is_empty()).collect();
            let mut command = format!("{{{}}}", fields.join(",")).into_bytes();
            let expected = match (is_pid, is_stop) {
                _ if choices.cut(&mut command) => ExpectedResponse::None,
                (Some(_), Some(true)) => ExpectedResponse::Stop,
                (Some(true), Some(false)) => ExpectedResponse::Pid,
                _ => ExpectedResponse::None,
            };
            (command, expected)
        }
    }
}
