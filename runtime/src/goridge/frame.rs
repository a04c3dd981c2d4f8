//! Goridge frames as pure functions over bytes.

use std::fmt;

/// The frame carries a command of the protocol, not an event.
pub const CONTROL: u8 = 0x01;
/// The payload is JSON.
pub const JSON: u8 = 0x08;
/// The payload is the text of a failure.
pub const ERROR: u8 = 0x40;
/// The payload is protobuf.
pub const PROTO: u8 = 0x80;

/// Stream byte: the peer ends a stream.
pub const STREAM_STOP: u8 = 0x02;
/// Stream byte: an answer to a ping.
pub const STREAM_PONG: u8 = 0x08;

/// Bytes that every header has.
pub const FIXED_LEN: usize = 12;

const VERSION: u8 = 1;
const MIN_WORDS: u8 = 3;
const MAX_WORDS: u8 = 13;

/// The header of a frame, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// `CONTROL`, `JSON`, `ERROR`, `PROTO` and others.
    pub flags: u8,
    /// The stream byte.
    pub stream: u8,
    /// Bytes of the payload.
    pub payload_len: usize,
    options: [u32; 10],
    option_count: usize,
}

impl Header {
    /// A header without options.
    pub fn new(flags: u8, payload_len: usize) -> Self {
        Self {
            flags,
            stream: 0,
            payload_len,
            options: [0; 10],
            option_count: 0,
        }
    }

    /// The same header with one more option; ten are the most, a further one is dropped.
    pub fn option(mut self, value: u32) -> Self {
        if let Some(slot) = self.options.get_mut(self.option_count) {
            *slot = value;
            self.option_count += 1;
        }
        self
    }

    /// The options.
    pub fn options(&self) -> &[u32] {
        &self.options[..self.option_count]
    }

    /// Bytes of this header on the wire.
    pub fn len(&self) -> usize {
        FIXED_LEN + self.option_count * 4
    }

    /// Reads a header from the start of `bytes`; `Ok(None)` asks for more bytes.
    ///
    /// # Errors
    ///
    /// When the bytes can't be a header, whatever follows.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>, FrameError> {
        let Some(&first) = bytes.first() else {
            return Ok(None);
        };
        if first >> 4 != VERSION {
            return Err(FrameError::Version(first >> 4));
        }
        let words = first & 0x0f;
        if !(MIN_WORDS..=MAX_WORDS).contains(&words) {
            return Err(FrameError::HeaderLen(words));
        }
        let len = usize::from(words) * 4;
        if bytes.len() < len {
            return Ok(None);
        }
        let expected = word(bytes, 6);
        let actual = crc32fast::hash(&bytes[..6]);
        if expected != actual {
            return Err(FrameError::Checksum { expected, actual });
        }
        let mut header = Self::new(bytes[1], word(bytes, 2) as usize);
        header.stream = bytes[10];
        for at in (FIXED_LEN..len).step_by(4) {
            header = header.option(word(bytes, at));
        }
        Ok(Some(header))
    }

    /// Writes the header to the end of `out`.
    ///
    /// # Errors
    ///
    /// When the payload is longer than a frame can say.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), FrameError> {
        let payload_len = u32::try_from(self.payload_len).map_err(|_| FrameError::TooLong {
            len: self.payload_len,
            limit: u32::MAX as usize,
        })?;
        let start = out.len();
        out.push(VERSION << 4 | (self.len() / 4) as u8);
        out.push(self.flags);
        out.extend_from_slice(&payload_len.to_le_bytes());
        let crc = crc32fast::hash(&out[start..]);
        out.extend_from_slice(&crc.to_le_bytes());
        out.extend_from_slice(&[self.stream, 0]);
        for option in self.options() {
            out.extend_from_slice(&option.to_le_bytes());
        }
        Ok(())
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Why bytes are not a frame. The stream can't be trusted after one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The version is not 1.
    Version(u8),
    /// The header's length is not 3 to 13 words.
    HeaderLen(u8),
    /// The checksum of the first six bytes is wrong.
    Checksum {
        /// What the header says.
        expected: u32,
        /// What its bytes give.
        actual: u32,
    },
    /// The payload is longer than allowed.
    TooLong {
        /// What the header claims.
        len: usize,
        /// What is allowed.
        limit: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(f, "the frame's version is {version}, not 1"),
            Self::HeaderLen(words) => write!(f, "the frame's header claims {words} words, not 3 to 13"),
            Self::Checksum { expected, actual } => {
                write!(
                    f,
                    "the frame's checksum is {expected:08x}, its bytes give {actual:08x}"
                )
            }
            Self::TooLong { len, limit } => write!(f, "the frame claims {len} bytes, the limit is {limit}"),
        }
    }
}

impl std::error::Error for FrameError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header() -> impl Strategy<Value = Header> {
        (
            any::<u8>(),
            any::<u8>(),
            any::<u32>(),
            proptest::collection::vec(any::<u32>(), 0..=10),
        )
            .prop_map(|(flags, stream, len, options)| {
                let mut header = Header::new(flags, len as usize);
                header.stream = stream;
                options.into_iter().fold(header, Header::option)
            })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(header in header()) {
            let mut bytes = Vec::new();
            header.encode(&mut bytes).unwrap();
            prop_assert_eq!(bytes.len(), header.len());
            prop_assert_eq!(Header::parse(&bytes), Ok(Some(header)));
        }

        #[test]
        fn a_header_cut_anywhere_asks_for_more(header in header(), cut in 0usize..52) {
            let mut bytes = Vec::new();
            header.encode(&mut bytes).unwrap();
            let cut = cut % bytes.len();
            prop_assert_eq!(Header::parse(&bytes[..cut]), Ok(None));
        }

        #[test]
        fn a_flipped_bit_under_the_checksum_is_seen(header in header(), bit in 0usize..80) {
            let mut bytes = Vec::new();
            header.encode(&mut bytes).unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // Enough bytes that a longer header would be complete.
            bytes.resize(52, 0);
            prop_assert!(Header::parse(&bytes).is_err());
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Header::parse(&bytes);
        }
    }

    #[test]
    fn the_known_bytes_of_a_stop_command() {
        let mut bytes = Vec::new();
        Header::new(CONTROL | JSON, 13).encode(&mut bytes).unwrap();
        assert_eq!(bytes[..6], [0x13, 0x09, 13, 0, 0, 0]);
        assert_eq!(bytes[6..10], crc32fast::hash(&bytes[..6]).to_le_bytes());
        assert_eq!(bytes[10..], [0, 0]);
    }
}
