//! Streams as RoadRunner sends them and as it never would, and what the worker loop owes to each of their frames.
//!
//! What is owed is told by the page on the protocol, not by the code that is tried: numbers are written out.

use std::collections::BTreeMap;

use crate::event::Kind;
use crate::fuzzing::Choices;

pub(super) const CONTROL: u8 = 0x01;
pub(super) const JSON: u8 = 0x08;
pub(super) const ERROR: u8 = 0x40;
pub(super) const PROTO: u8 = 0x80;
/// STOP and PONG.
const UNASKED: u8 = 0x02 | 0x08;
/// The limit of a payload here.
pub(super) const MOST: u32 = 1 << 20;

/// The events that RoadRunner delivers, by the names that it writes.
pub(super) const NAMES: [(&str, Kind); 8] = [
    ("rpc", Kind::Rpc),
    ("connect", Kind::Connect),
    ("refresh", Kind::Refresh),
    ("subscribe", Kind::Subscribe),
    ("publish", Kind::Publish),
    ("subrefresh", Kind::SubRefresh),
    ("notifychannelstate", Kind::NotifyChannelState),
    ("notifycacheempty", Kind::NotifyCacheEmpty),
];

/// What a frame asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Asks {
    Nothing,
    Pid,
    Stop,
    /// A kind where the context names one, and the body.
    Event(Option<Kind>, Vec<u8>),
}

#[derive(Debug)]
pub(super) struct Frame {
    bytes: Vec<u8>,
    pub(super) asks: Asks,
}

impl Frame {
    pub(super) fn new(flags: u8, stream: u8, options: &[u32], payload: &[u8], asks: Asks) -> Self {
        let mut bytes = header(flags, stream, options, payload.len() as u32);
        bytes.extend_from_slice(payload);
        Self { bytes, asks }
    }

    fn choose(choices: &mut Choices<'_>) -> Self {
        let flags = match choices.below(4) {
            0 | 1 => PROTO,
            2 => CONTROL | JSON,
            _ => choices.byte(),
        };
        let stream = match choices.below(8) {
            7 => choices.byte(),
            _ => 0,
        };
        let is_command = flags & CONTROL != 0;
        let (mut payload, asks) = match is_command {
            true => command(choices),
            false => (context(choices), Asks::Nothing),
        };
        let mut options = vec![payload.len() as u32];
        match choices.below(8) {
            0..=4 => {}
            5 | 6 => options.extend((0..choices.below(10)).map(|_| choices.word())),
            _ => options = (0..choices.below(11)).map(|_| any_option(choices)).collect(),
        }
        if !is_command {
            payload.extend(body(choices));
        }
        let asks = match (stream & UNASKED, is_command) {
            (0, true) => asks,
            (0, false) => asked(options.first().copied().unwrap_or(0), &payload),
            _ => Asks::Nothing,
        };
        Self::new(flags, stream, &options, &payload, asks)
    }
}

fn header(flags: u8, stream: u8, options: &[u32], payload_len: u32) -> Vec<u8> {
    let mut bytes = vec![0x10 | (3 + options.len() as u8), flags];
    bytes.extend(payload_len.to_le_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes.extend([stream, 0]);
    bytes.extend(options.iter().flat_map(|option| option.to_le_bytes()));
    bytes
}

fn any_option(choices: &mut Choices<'_>) -> u32 {
    match choices.below(2) {
        0 => choices.byte().into(),
        _ => choices.word(),
    }
}

fn context(choices: &mut Choices<'_>) -> Vec<u8> {
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
    const STRANGE: [&str; 4] = ["nope", "map_publish", "Rpc", ""];
    let shape = match choices.below(4) {
        0 => choices.of(&SHAPES),
        _ => choices.of(&SHAPES[..5]),
    };
    let name = match choices.below(8) {
        7 => choices.of(&STRANGE),
        _ => choices.of(&NAMES).0,
    };
    let mut context = shape.replace("NAME", name).into_bytes();
    if choices.below(16) == 15 {
        // No UTF-8, where it stands in a text or elsewhere.
        context.insert(choices.below(context.len() + 1), 0xff);
    }
    choices.cut(&mut context);
    context
}

/// The fields of a request, as far as kinds share them, or anything.
fn body(choices: &mut Choices<'_>) -> Vec<u8> {
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

/// A command, and what it asks for.
fn command(choices: &mut Choices<'_>) -> (Vec<u8>, Asks) {
    // With what it says; none where it makes the whole unreadable.
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
            // No object.
            let bytes = choices.bytes().into_iter().map(|byte| match byte {
                b'{' => b'!',
                other => other,
            });
            (bytes.collect(), Asks::Nothing)
        }
        // The fields without their names.
        5 => (
            choices.of(&[&b"[1]"[..], b"[null,true]", b" [1,false]"]).to_vec(),
            Asks::Nothing,
        ),
        6 => (context(choices), Asks::Nothing),
        _ => {
            let ((pid, is_pid), (stop, is_stop)) = (choices.of(&PIDS), choices.of(&STOPS));
            let mut fields = [pid, stop, choices.of(&OTHERS)];
            fields.rotate_left(choices.below(3));
            let fields: Vec<_> = fields.into_iter().filter(|field| !field.is_empty()).collect();
            let mut command = format!("{{{}}}", fields.join(",")).into_bytes();
            let asks = match (is_pid, is_stop) {
                _ if choices.cut(&mut command) => Asks::Nothing,
                (Some(_), Some(true)) => Asks::Stop,
                (Some(true), Some(false)) => Asks::Pid,
                _ => Asks::Nothing,
            };
            (command, asks)
        }
    }
}

/// What a frame without a command asks for, whatever its payload was made of.
fn asked(context_len: u32, payload: &[u8]) -> Asks {
    let Some((context, body)) = payload.split_at_checked(context_len as usize) else {
        return Asks::Event(None, Vec::new());
    };
    let lists = serde_json::from_slice::<BTreeMap<String, Option<Vec<String>>>>(context);
    let names = lists.ok().and_then(|mut lists| lists.remove("type").flatten());
    let name = names.and_then(|mut names| names.pop());
    let known = NAMES
        .into_iter()
        .find(|(known, _)| name.as_deref() == Some(known));
    Asks::Event(known.map(|(_, kind)| kind), body.to_vec())
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    /// Between frames.
    Whole,
    /// Within a frame.
    Cut,
    /// With bytes that are no frame.
    Broken,
}

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) frames: Vec<Frame>,
    pub(super) end: End,
    /// What follows the frames.
    pub(super) rest: Vec<u8>,
    /// Bytes that come at once, in turns.
    pub(super) pieces: Vec<usize>,
    /// Bytes that go at once.
    pub(super) width: usize,
    pub(super) max_events: Option<u64>,
}

impl Stream {
    pub(super) fn choose(choices: &mut Choices<'_>, end: End) -> Self {
        let pieces =
            (0..1 + choices.below(3)).map(|_| 1 + usize::from(choices.byte()) * choices.of(&[1, 1, 256]));
        let pieces = pieces.collect();
        let width = choices.of(&[usize::MAX, 5, 1000, 17_000]);
        let max_events = (choices.below(8) == 7).then(|| choices.below(4) as u64);
        let mut frames: Vec<_> = (0..1 + choices.below(8))
            .map(|_| Frame::choose(choices))
            .collect();
        let rest = match end {
            End::Whole => Vec::new(),
            End::Cut => {
                let mut bytes = frames.pop().map(|frame| frame.bytes).unwrap_or_default();
                bytes.truncate(1 + choices.word() as usize % (bytes.len() - 1));
                bytes
            }
            End::Broken => broken(choices),
        };
        Self {
            frames,
            end,
            rest,
            pieces,
            width,
            max_events,
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let frames = self.frames.iter().flat_map(|frame| &frame.bytes);
        frames.chain(&self.rest).copied().collect()
    }
}

/// Bytes that no frame starts with, each for one reason alone, and some more.
fn broken(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut bytes = header(choices.byte(), choices.byte(), &[], choices.byte().into());
    match choices.below(4) {
        0 => {
            let bit = 1 << choices.below(8);
            bytes[1 + choices.below(9)] ^= bit;
        }
        1 => begin(&mut bytes, choices.of(&[0x03, 0x23, 0x83, 0xf3])),
        2 => begin(&mut bytes, choices.of(&[0x10, 0x11, 0x12, 0x1e, 0x1f])),
        _ => bytes = header(PROTO, 0, &[], (MOST + 1).saturating_add(choices.word())),
    }
    bytes.extend(choices.bytes());
    bytes
}

/// Puts another version and length into a header, under a right checksum.
fn begin(header: &mut [u8], first: u8) {
    header[0] = first;
    let checksum = crc32fast::hash(&header[..6]);
    header[6..10].copy_from_slice(&checksum.to_le_bytes());
}
