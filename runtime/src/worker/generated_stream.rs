//! Generates input streams for the worker loop, valid and malformed, with the expected response to each frame.

use super::expected_response::{ExpectedResponse, expected_for_event};
use super::generated_payload::{body, command, context};
use crate::fuzzing::Choices;

// The flags are repeated here, since the tests must not depend on the code that they check.

pub(super) const CONTROL: u8 = 0x01;
pub(super) const JSON: u8 = 0x08;
pub(super) const ERROR: u8 = 0x40;
pub(super) const PROTO: u8 = 0x80;
/// STOP and PONG in the stream byte: the worker ignores such frames.
const IGNORED_STREAM_BITS: u8 = 0x02 | 0x08;
/// The longest payload that the tested worker accepts, in bytes.
pub(super) const MAX_PAYLOAD: u32 = 1 << 20;

#[derive(Debug)]
pub(super) struct Frame {
    bytes: Vec<u8>,
    pub(super) expected: ExpectedResponse,
}

impl Frame {
    pub(super) fn new(
        flags: u8,
        stream: u8,
        options: &[u32],
        payload: &[u8],
        expected: ExpectedResponse,
    ) -> Self {
        let mut bytes = header(flags, stream, options, payload.len() as u32);
        bytes.extend_from_slice(payload);
        Self { bytes, expected }
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
        let (mut payload, expected) = match is_command {
            true => command(choices),
            false => (context(choices), ExpectedResponse::None),
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
        let expected = match (stream & IGNORED_STREAM_BITS, is_command) {
            (0, true) => expected,
            (0, false) => expected_for_event(options.first().copied().unwrap_or(0), &payload),
            _ => ExpectedResponse::None,
        };
        Self::new(flags, stream, &options, &payload, expected)
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

/// How an input stream ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum StreamEnd {
    /// After a complete frame.
    Complete,
    /// In the middle of a frame.
    Truncated,
    /// With bytes that are not a frame.
    Malformed,
}

/// What the worker loop reads, and how.
#[derive(Debug)]
pub(super) struct InputStream {
    pub(super) frames: Vec<Frame>,
    pub(super) end: StreamEnd,
    /// The bytes after the frames.
    pub(super) tail: Vec<u8>,
    /// How many bytes each `read` returns, repeated cyclically.
    pub(super) read_sizes: Vec<usize>,
    /// How many bytes each `write` accepts.
    pub(super) write_size: usize,
    pub(super) max_events: Option<u64>,
}

impl InputStream {
    pub(super) fn choose(choices: &mut Choices<'_>, end: StreamEnd) -> Self {
        let read_sizes =
            (0..1 + choices.below(3)).map(|_| 1 + usize::from(choices.byte()) * choices.of(&[1, 1, 256]));
        let read_sizes = read_sizes.collect();
        let write_size = choices.of(&[usize::MAX, 5, 1000, 17_000]);
        let max_events = (choices.below(8) == 7).then(|| choices.below(4) as u64);
        let mut frames: Vec<_> = (0..1 + choices.below(8))
            .map(|_| Frame::choose(choices))
            .collect();
        let tail = match end {
            StreamEnd::Complete => Vec::new(),
            StreamEnd::Truncated => {
                let mut bytes = frames.pop().map(|frame| frame.bytes).unwrap_or_default();
                bytes.truncate(1 + choices.word() as usize % (bytes.len() - 1));
                bytes
            }
            StreamEnd::Malformed => malformed(choices),
        };
        Self {
            frames,
            end,
            tail,
            read_sizes,
            write_size,
            max_events,
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let frames = self.frames.iter().flat_map(|frame| &frame.bytes);
        frames.chain(&self.tail).copied().collect()
    }
}

/// Returns a header that is wrong in exactly one way, with arbitrary bytes behind it.
fn malformed(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut bytes = header(choices.byte(), choices.byte(), &[], choices.byte().into());
    match choices.below(4) {
        0 => {
            // A checksum that does not match.
            let bit = 1 << choices.below(8);
            bytes[1 + choices.below(9)] ^= bit;
        }
        // Another version.
        1 => set_first_byte(&mut bytes, choices.of(&[0x03, 0x23, 0x83, 0xf3])),
        // A header length outside of 3 to 13 words.
        2 => set_first_byte(&mut bytes, choices.of(&[0x10, 0x11, 0x12, 0x1e, 0x1f])),
        // A payload over the limit.
        _ => bytes = header(PROTO, 0, &[], (MAX_PAYLOAD + 1).saturating_add(choices.word())),
    }
    bytes.extend(choices.bytes());
    bytes
}

/// Replaces the version and the length of a header, and corrects its checksum.
fn set_first_byte(header: &mut [u8], first: u8) {
    header[0] = first;
    let checksum = crc32fast::hash(&header[..6]);
    header[6..10].copy_from_slice(&checksum.to_le_bytes());
}
