//! Encodes and decodes goridge frames: pure functions over bytes.
//!
//! The format is defined by [goridge](https://github.com/roadrunner-server/goridge).

use std::fmt;

/// Flag: the frame is a command of the protocol, not an event.
pub const CONTROL: u8 = 0x01;
/// Flag: the payload is JSON.
pub const JSON: u8 = 0x08;
/// Flag: the payload is an error message.
pub const ERROR: u8 = 0x40;
/// Flag: the payload is protobuf.
pub const PROTO: u8 = 0x80;

/// Bit of the stream byte: the peer ends a stream.
pub const STREAM_STOP: u8 = 0x02;
/// Bit of the stream byte: the response to a ping.
pub const STREAM_PONG: u8 = 0x08;

/// The length of a header without options, in bytes.
pub const FIXED_LEN: usize = 12;

const VERSION: u8 = 1;
const MIN_WORDS: u8 = 3;
const MAX_WORDS: u8 = 13;

/// The header of a frame whose version, length and checksum are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// A combination of `CONTROL`, `JSON`, `ERROR`, `PROTO` and flags that this crate ignores.
    pub flags: u8,
    /// The stream byte.
    pub stream: u8,
    /// The length of the payload, in bytes.
    pub payload_len: usize,
    options: [u32; 10],
    option_count: usize,
}

impl Header {
    /// Creates a header without options.
    pub fn new(flags: u8, payload_len: usize) -> Self {
        Self {
            flags,
            stream: 0,
            payload_len,
            options: [0; 10],
            option_count: 0,
        }
    }

    /// Adds an option. A header has at most ten; further ones are dropped.
    pub fn option(mut self, value: u32) -> Self {
        if let Some(slot) = self.options.get_mut(self.option_count) {
            *slot = value;
            self.option_count += 1;
        }
        self
    }

    /// Returns the options.
    pub fn options(&self) -> &[u32] {
        &self.options[..self.option_count]
    }

    /// Returns the length of the encoded header, in bytes.
    pub fn len(&self) -> usize {
        FIXED_LEN + self.option_count * 4
    }

    /// Parses a header from the start of `bytes`. Returns `Ok(None)` if the header is incomplete.
    ///
    /// # Errors
    ///
    /// Returns an error if no header starts with these bytes.
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
        for offset in (FIXED_LEN..len).step_by(4) {
            header = header.option(word(bytes, offset));
        }
        Ok(Some(header))
    }

    /// Appends the encoded header to `out`.
    ///
    /// # Errors
    ///
    /// Returns an error if the payload is longer than `u32::MAX` bytes.
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

fn word(bytes: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes([
        bytes[offset],
        bytes[offset + 1],
        bytes[offset + 2],
        bytes[offset + 3],
    ])
}

/// The reason why bytes are not a frame. No further frame can be read from the stream, since its length is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The version is not 1.
    Version(u8),
    /// The header is shorter than 3 or longer than 13 words of 4 bytes.
    HeaderLen(u8),
    /// The CRC-32 of the first six bytes does not match.
    Checksum {
        /// The checksum in the header.
        expected: u32,
        /// The checksum of its bytes.
        actual: u32,
    },
    /// The payload is longer than allowed.
    TooLong {
        /// The length in the header, in bytes.
        len: usize,
        /// The limit, in bytes.
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
        fn parses_what_it_encodes(header in header()) {
            let mut bytes = Vec::new();
            header.encode(&mut bytes).unwrap();
            prop_assert_eq!(bytes.len(), header.len());
            prop_assert_eq!(Header::parse(&bytes), Ok(Some(header)));
        }

        #[test]
        fn reports_a_truncated_header_as_incomplete(header in header(), cut in 0usize..52) {
            let mut bytes = Vec::new();
            header.encode(&mut bytes).unwrap();
            let cut = cut % bytes.len();
            prop_assert_eq!(Header::parse(&bytes[..cut]), Ok(None));
        }

        #[test]
        fn refuses_a_header_with_a_flipped_bit(header in header(), bit in 0usize..80) {
            let mut bytes = Vec::new();
            header.encode(&mut bytes).unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // Enough bytes that a longer header would be complete.
            bytes.resize(52, 0);
            prop_assert!(Header::parse(&bytes).is_err());
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Header::parse(&bytes);
        }
    }

    #[test]
    fn encodes_a_stop_command() {
        let mut bytes = Vec::new();
        Header::new(CONTROL | JSON, 13).encode(&mut bytes).unwrap();
        assert_eq!(bytes[..6], [0x13, 0x09, 13, 0, 0, 0]);
        assert_eq!(bytes[6..10], crc32fast::hash(&bytes[..6]).to_le_bytes());
        assert_eq!(bytes[10..], [0, 0]);
    }
}
