//! Go's net/rpc in goridge frames, as pure functions over bytes.

use bytes::{Buf as _, Bytes, BytesMut};

use super::frame;
use super::frame::{FrameError, Header};

/// Memory grows with the bytes that are there, by this much at least.
const STEP: usize = 64 * 1024;
/// Bytes of a method's name.
const MOST_METHOD: usize = 256;

/// Writes a call to the end of `out`. `codec` is the flag of the body's format: `PROTO` or `JSON`.
///
/// # Errors
///
/// When it is longer than a frame can be.
pub(crate) fn encode(
    codec: u8,
    seq: u32,
    method: &str,
    body: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), FrameError> {
    Header::new(codec, method.len() + body.len())
        .option(seq)
        .option(method.len() as u32)
        .encode(out)?;
    out.extend_from_slice(method.as_bytes());
    out.extend_from_slice(body);
    Ok(())
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Response { seq: u32, method: Bytes, body: Bytes },
    Failure { seq: u32, method: Bytes, message: Bytes },
    TooLarge { seq: u32, len: usize },
}

impl Answer {
    pub(crate) fn seq(&self) -> u32 {
        match self {
            Self::Response { seq, .. } | Self::Failure { seq, .. } | Self::TooLarge { seq, .. } => *seq,
        }
    }
}

/// Answers out of a byte stream. After an error the stream can't be trusted.
#[derive(Debug)]
pub(crate) struct Decoder {
    buf: BytesMut,
    max_payload: usize,
    /// Bytes of an answer over the limit that are still to come.
    skip: usize,
}

impl Decoder {
    pub(crate) fn new(max_payload: usize) -> Self {
        Self {
            buf: BytesMut::new(),
            max_payload,
            skip: 0,
        }
    }

    /// Where the next bytes go; there is room.
    pub(crate) fn buf(&mut self) -> &mut BytesMut {
        self.buf.reserve(STEP / 4);
        &mut self.buf
    }

    /// The next answer; `None` asks for more bytes.
    ///
    /// # Errors
    ///
    /// When the bytes can't be an answer, whatever follows.
    pub(crate) fn next(&mut self) -> Result<Option<Answer>, String> {
        let skipped = self.skip.min(self.buf.len());
        self.buf.advance(skipped);
        self.skip -= skipped;
        if self.skip > 0 {
            return Ok(None);
        }
        let Some(header) = Header::parse(&self.buf).map_err(|error| error.to_string())? else {
            return Ok(None);
        };
        let &[seq, method_len] = header.options() else {
            return Err(format!("an answer has {} options, not 2", header.options().len()));
        };
        let method_len = method_len as usize;
        if method_len > header.payload_len.min(MOST_METHOD) {
            return Err(format!(
                "an answer's method has {method_len} bytes of a payload of {}",
                header.payload_len
            ));
        }
        if header.payload_len - method_len > self.max_payload {
            self.buf.advance(header.len());
            self.skip = header.payload_len;
            return Ok(Some(Answer::TooLarge {
                seq,
                len: header.payload_len - method_len,
            }));
        }
        let total = header.len() + header.payload_len;
        if self.buf.len() < total {
            let missing = total - self.buf.len();
            self.buf.reserve(missing.min(STEP.max(self.buf.len())));
            return Ok(None);
        }
        let mut payload = self.buf.split_to(total).freeze();
        payload.advance(header.len());
        let method = payload.split_to(method_len);
        Ok(Some(if header.flags & frame::ERROR == 0 {
            Answer::Response {
                seq,
                method,
                body: payload,
            }
        } else {
            Answer::Failure {
                seq,
                method,
                message: payload,
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(flags: u8, seq: u32, method: &[u8], body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        Header::new(flags, method.len() + body.len())
            .option(seq)
            .option(method.len() as u32)
            .encode(&mut out)
            .unwrap();
        out.extend_from_slice(method);
        out.extend_from_slice(body);
        out
    }

    /// All answers, however the bytes are cut.
    fn all(bytes: &[u8], sizes: &[usize], limit: usize) -> (Vec<Answer>, Option<String>, usize) {
        let mut decoder = Decoder::new(limit);
        let (mut answers, mut most, mut at, mut turn) = (Vec::new(), 0, 0, 0);
        loop {
            match decoder.next() {
                Ok(Some(answer)) => {
                    answers.push(answer);
                    continue;
                }
                Ok(None) => {}
                Err(text) => return (answers, Some(text), most),
            }
            if at == bytes.len() {
                return (answers, None, most);
            }
            let end = (at + sizes[turn % sizes.len()]).min(bytes.len());
            decoder.buf().extend_from_slice(&bytes[at..end]);
            most = most.max(decoder.buf.capacity());
            (at, turn) = (end, turn + 1);
        }
    }

    proptest! {
        #[test]
        fn answers_arrive_however_they_are_cut(
            answers in proptest::collection::vec((any::<bool>(), any::<u32>(), "[a-zA-Z.]{0,30}", proptest::collection::vec(any::<u8>(), 0..2000)), 0..8),
            sizes in proptest::collection::vec(1usize..700, 1..5),
            limit in 500usize..2500,
        ) {
            let mut bytes = Vec::new();
            for (failed, seq, method, body) in &answers {
                bytes.extend(answer(if *failed { frame::PROTO | frame::ERROR } else { frame::PROTO }, *seq, method.as_bytes(), body));
            }
            let (read, error, _) = all(&bytes, &sizes, limit);
            prop_assert_eq!(error, None);
            prop_assert_eq!(read.len(), answers.len());
            for ((failed, seq, method, body), read) in answers.iter().zip(&read) {
                prop_assert_eq!(read.seq(), *seq);
                match read {
                    Answer::Response { method: name, body: data, .. } => {
                        prop_assert!(!failed);
                        prop_assert_eq!(&name[..], method.as_bytes());
                        prop_assert_eq!(&data[..], &body[..]);
                    }
                    Answer::Failure { method: name, message, .. } => {
                        prop_assert!(*failed);
                        prop_assert_eq!(&name[..], method.as_bytes());
                        prop_assert_eq!(&message[..], &body[..]);
                    }
                    Answer::TooLarge { len, .. } => {
                        prop_assert_eq!(*len, body.len());
                        prop_assert!(*len > limit);
                    }
                }
            }
        }

        #[test]
        fn any_bytes_end_without_a_panic_and_within_bounds(
            bytes in proptest::collection::vec(any::<u8>(), 0..4000),
            size in 1usize..50,
        ) {
            let (.., most) = all(&bytes, &[size], 1 << 20);
            prop_assert!(most <= 4 * STEP + 2 * bytes.len());
        }

        /// What a hostile peer can reach past the checksum.
        #[test]
        fn valid_headers_with_any_options_end_without_a_panic_and_within_bounds(
            headers in proptest::collection::vec((any::<u8>(), any::<u32>(), proptest::collection::vec(any::<u32>(), 0..=10), proptest::collection::vec(any::<u8>(), 0..200)), 1..5),
            size in 1usize..100,
        ) {
            let mut bytes = Vec::new();
            for (flags, len, options, payload) in headers {
                let header = options.into_iter().fold(Header::new(flags, len as usize), Header::option);
                header.encode(&mut bytes).unwrap();
                bytes.extend(payload);
            }
            let (.., most) = all(&bytes, &[size], 64 << 20);
            prop_assert!(most <= 4 * STEP + 2 * bytes.len());
        }

        #[test]
        fn a_call_is_read_as_it_was_written(seq: u32, method in "[a-zA-Z.]{1,40}", body: Vec<u8>) {
            let mut bytes = Vec::new();
            encode(frame::PROTO, seq, &method, &body, &mut bytes).unwrap();
            let (answers, ..) = all(&bytes, &[7], 1 << 20);
            prop_assert_eq!(answers, vec![Answer::Response { seq, method: method.into(), body: body.into() }]);
        }
    }

    #[test]
    fn an_answer_over_the_limit_is_skipped_and_the_next_one_read() {
        let mut bytes = answer(frame::PROTO, 1, b"centrifuge.Info", &[7; 300_000]);
        bytes.extend(answer(frame::PROTO, 2, b"centrifuge.Info", b"x"));
        let (answers, error, most) = all(&bytes, &[1000], 1000);
        assert_eq!(error, None);
        assert_eq!(answers[0], Answer::TooLarge { seq: 1, len: 300_000 });
        assert_eq!(answers[1].seq(), 2);
        assert!(most < 2 * STEP, "{most}");
    }

    #[test]
    fn a_method_is_no_way_around_the_limit() {
        let mut bytes = Vec::new();
        let header = Header::new(frame::PROTO, u32::MAX as usize)
            .option(1)
            .option(u32::MAX);
        header.encode(&mut bytes).unwrap();
        let (answers, error, _) = all(&bytes, &[bytes.len()], 1000);
        assert!(answers.is_empty() && error.unwrap().contains("an answer's method"));
    }
}
