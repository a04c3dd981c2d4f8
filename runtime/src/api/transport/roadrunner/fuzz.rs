//! The RPC codec for cargo-fuzz.

use crate::fuzzing::Choices;
use crate::goridge::frame::{self, Header};
use crate::goridge::net_rpc::encode;
use crate::goridge::{Answer, Decoder};

/// How long a payload may be here.
const LIMIT: usize = 4096;

/// Decodes the bytes as they are, and as answers whose parts they choose, whole and in pieces: both must give the same.
pub fn rpc_codec(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let piece = usize::from(choices.byte()) + 1;
    compare(bytes, piece);

    let mut stream = Vec::new();
    let mut expected = Vec::new();
    while !choices.is_over() {
        let (seq, method, body) = (choices.word(), choices.bytes(), choices.bytes());
        match choices.below(4) {
            0 => {
                let method: String = method.iter().map(|byte| char::from(byte % 128)).collect();
                encode(frame::PROTO, seq, &method, &body, &mut stream).expect("a short frame");
                let (method, body) = (method.into(), body.into());
                expected.push(Answer::Response { seq, method, body });
            }
            1 | 2 => {
                let flags = choices.of(&[frame::PROTO, frame::PROTO | frame::ERROR]);
                let header = Header::new(flags, method.len() + body.len());
                let header = header.option(seq).option(method.len() as u32);
                header.encode(&mut stream).expect("a short frame");
                stream.extend([&method[..], &body].concat());
                if flags == frame::PROTO {
                    let (method, body) = (method.into(), body.into());
                    expected.push(Answer::Response { seq, method, body });
                } else {
                    let method = method.into();
                    expected.push(Answer::Failure {
                        seq,
                        method,
                        message: body.into(),
                    });
                }
            }
            // What a hostile peer can reach past the checksum: any lengths, any options.
            _ => {
                let options = (0..choices.below(11)).map(|_| choices.word() >> (choices.byte() % 32));
                let options: Vec<_> = options.collect();
                let len = (choices.word() >> (choices.byte() % 32)) as usize;
                let header = options
                    .into_iter()
                    .fold(Header::new(choices.byte(), len), Header::option);
                if header.encode(&mut stream).is_ok() {
                    stream.extend(body);
                }
                compare(&stream, piece);
                return;
            }
        }
    }
    assert_eq!(compare(&stream, piece), expected);
}

/// The answers of a stream.
fn compare(bytes: &[u8], piece: usize) -> Vec<Answer> {
    let whole = all(bytes, bytes.len().max(1));
    assert_eq!(whole, all(bytes, piece));
    whole.0
}

fn all(bytes: &[u8], piece: usize) -> (Vec<Answer>, Option<String>) {
    let mut decoder = Decoder::new(LIMIT);
    let mut answers = Vec::new();
    for bytes in bytes.chunks(piece) {
        decoder.buf().extend_from_slice(bytes);
        assert!(decoder.buf().capacity() < (1 << 20) + 4 * bytes.len());
        loop {
            match decoder.next() {
                Ok(Some(answer)) => answers.push(answer),
                Ok(None) => break,
                Err(text) => return (answers, Some(text)),
            }
        }
    }
    (answers, None)
}
