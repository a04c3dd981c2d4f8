//! Splits the bytes of a gRPC body into messages.

use bytes::{BufMut as _, Bytes, BytesMut};

/// The longest message that is kept whole, in bytes.
pub(crate) const MAX_MESSAGE_LEN: usize = 1 << 20;
const HEADER_LEN: usize = 5;

/// A copy of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The bytes, or `None` if the message is compressed or longer than [`MAX_MESSAGE_LEN`].
    pub(crate) bytes: Option<Bytes>,
    /// The length of the whole message.
    pub(crate) len: usize,
}

/// Finds messages in chunks of any size.
#[derive(Default)]
pub(super) struct Splitter {
    /// The header, and then the message if it is kept.
    buffer: BytesMut,
    /// The rest of a message that is not kept, with its whole length.
    skipped: Option<(usize, usize)>,
}

impl Splitter {
    /// Takes the next chunk, and calls a function for each message that is complete.
    pub(super) fn push(&mut self, mut chunk: &[u8], mut on_message: impl FnMut(Message)) {
        while !chunk.is_empty() {
            if let Some((rest, len)) = &mut self.skipped {
                let part = chunk.len().min(*rest);
                chunk = &chunk[part..];
                *rest -= part;
                if *rest == 0 {
                    let len = *len;
                    self.skipped = None;
                    on_message(Message { bytes: None, len });
                }
                continue;
            }
            let wanted = match self.buffer.first_chunk::<HEADER_LEN>() {
                None => HEADER_LEN,
                Some(header) => HEADER_LEN + message_len(header),
            };
            let part = chunk.len().min(wanted - self.buffer.len());
            self.buffer.extend_from_slice(&chunk[..part]);
            chunk = &chunk[part..];
            let Some(header) = self.buffer.first_chunk::<HEADER_LEN>() else {
                continue;
            };
            let (is_compressed, len) = (header[0] != 0, message_len(header));
            if (is_compressed || len > MAX_MESSAGE_LEN) && len > 0 {
                self.buffer.clear();
                self.skipped = Some((len, len));
            } else if self.buffer.len() == HEADER_LEN + len {
                let message = self.buffer.split().freeze().slice(HEADER_LEN..);
                on_message(Message {
                    bytes: Some(message),
                    len,
                });
            }
        }
    }
}

fn message_len(header: &[u8; HEADER_LEN]) -> usize {
    let [_, length @ ..] = header;
    usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX)
}

/// Returns the body of a call with one message.
pub(crate) fn frame(message: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(HEADER_LEN + message.len());
    bytes.put_u8(0);
    bytes.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    bytes.put_slice(message);
    bytes.freeze()
}

/// Returns the first message of a body.
pub(crate) fn unframe(body: &[u8]) -> Option<Message> {
    let mut first = None;
    Splitter::default().push(body, |message| {
        first.get_or_insert(message);
    });
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(body: &[u8], chunk_len: usize) -> Vec<Message> {
        let mut messages = Vec::new();
        let mut splitter = Splitter::default();
        for chunk in body.chunks(chunk_len) {
            splitter.push(chunk, |message| messages.push(message));
        }
        messages
    }

    #[test]
    fn finds_messages_in_chunks_of_any_size() {
        let compressed = [&[1, 0, 0, 0, 2][..], b"zz"].concat();
        let long = vec![7; MAX_MESSAGE_LEN + 1];
        let body = [
            frame(b"first").to_vec(),
            frame(b"").to_vec(),
            compressed,
            frame(&long).to_vec(),
            frame(b"last").to_vec(),
        ]
        .concat();
        let kept = |text: &'static [u8]| Message {
            bytes: Some(Bytes::from_static(text)),
            len: text.len(),
        };
        let skipped = |len| Message { bytes: None, len };
        let expected = [
            kept(b"first"),
            kept(b""),
            skipped(2),
            skipped(long.len()),
            kept(b"last"),
        ];
        for chunk_len in [1, 3, 4096, body.len()] {
            assert_eq!(split(&body, chunk_len), expected, "chunks of {chunk_len}");
        }
    }

    #[test]
    fn allocates_nothing_for_a_length_without_bytes() {
        let mut splitter = Splitter::default();
        splitter.push(&[0, 255, 255, 255, 255, 1], |_| panic!("no message"));
        assert!(splitter.buffer.capacity() < 1024);
    }
}
