//! Scanner of an encoded request: finds the fields that routing and most extractors need, without decoding the message.

use std::ops::Range;

use super::layout::{COUNT, Layout, Shape};

/// The positions of the text and bytes fields in one encoded request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fields {
    spans: [(u32, u32); COUNT],
    /// Whether the request has fields that only a decoder can check.
    pub(crate) nested: bool,
}

/// The reason why bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

impl Fields {
    /// Scans a body.
    #[cfg(any(feature = "grpc", feature = "testing", test))]
    pub(crate) fn read(body: &[u8], layout: &Layout) -> Result<Self, Malformed> {
        let mut fields = Self::default();
        fields.fill(body, layout)?;
        Ok(fields)
    }

    /// Scans a body into fields that are still empty. Unlike [`read`](Self::read), this does not move the fields.
    pub(crate) fn fill(&mut self, body: &[u8], layout: &Layout) -> Result<(), Malformed> {
        if u32::try_from(body.len()).is_err() {
            return Err(Malformed("the message is longer than 4 GiB"));
        }
        let mut rest = body;
        while !rest.is_empty() {
            let (number, wire) = key(&mut rest)?;
            let shape = layout.shape(number as usize);
            if shape == Shape::Unknown {
                skip(&mut rest, number, wire, 0)?;
                continue;
            }
            if wire != 2 {
                return Err(Malformed("a field has the wrong wire type"));
            }
            let bytes = delimited(&mut rest)?;
            match shape {
                Shape::Nested => self.nested = true,
                Shape::Text if std::str::from_utf8(bytes).is_err() => {
                    return Err(Malformed("a text field is not UTF-8"));
                }
                _ => {}
            }
            let end = body.len() - rest.len();
            // Both fit into 32 bits, because the length of the body does.
            self.spans[number as usize] = ((end - bytes.len()) as u32, end as u32);
        }
        Ok(())
    }

    /// Returns the position of a field, or an empty range if the field is absent.
    pub(crate) fn span(&self, number: usize) -> Range<usize> {
        let (start, end) = self.spans.get(number).copied().unwrap_or_default();
        start as usize..end as usize
    }

    pub(crate) fn bytes<'a>(&self, body: &'a [u8], number: usize) -> &'a [u8] {
        body.get(self.span(number)).unwrap_or_default()
    }

    pub(crate) fn text<'a>(&self, body: &'a [u8], number: usize) -> &'a str {
        std::str::from_utf8(self.bytes(body, number)).unwrap_or_default()
    }
}

fn key(rest: &mut &[u8]) -> Result<(u32, u8), Malformed> {
    let key = u32::try_from(varint(rest)?).map_err(|_| Malformed("a field's key is too large"))?;
    match key >> 3 {
        0 => Err(Malformed("a field has the number 0")),
        number => Ok((number, (key & 7) as u8)),
    }
}

fn delimited<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Malformed> {
    let len = usize::try_from(varint(rest)?).map_err(|_| CUT)?;
    take(rest, len)
}

fn skip(rest: &mut &[u8], number: u32, wire: u8, depth: u8) -> Result<(), Malformed> {
    match wire {
        0 => varint(rest).map(drop),
        1 => take(rest, 8).map(drop),
        2 => delimited(rest).map(drop),
        5 => take(rest, 4).map(drop),
        3 if depth < 100 => loop {
            let (inner, wire) = key(rest)?;
            if wire != 4 {
                skip(rest, inner, wire, depth + 1)?;
            } else if inner == number {
                return Ok(());
            } else {
                return Err(Malformed("a group ends with another field number"));
            }
        },
        _ => Err(Malformed("a field has an unknown wire type")),
    }
}

const CUT: Malformed = Malformed("the message ends within a field");

fn varint(rest: &mut &[u8]) -> Result<u64, Malformed> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let (&byte, more) = rest.split_first().ok_or(CUT)?;
        *rest = more;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            // The tenth byte has room for one bit.
            return if shift == 63 && byte > 1 {
                Err(Malformed("a number is too large"))
            } else {
                Ok(value)
            };
        }
    }
    Err(Malformed("a number is too large"))
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Result<&'a [u8], Malformed> {
    let (taken, more) = rest.split_at_checked(len).ok_or(CUT)?;
    *rest = more;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::Message;

    use super::*;
    use crate::event::layout::CLIENT;
    use crate::event::{EventKind, Kind, markers};

    /// Checks that the scanner and prost accept the same bytes.
    fn agrees<K: EventKind>(body: &[u8]) -> Result<(), TestCaseError> {
        let fields = Fields::read(body, K::KIND.layout());
        let decoded = K::Request::decode(body);
        match (&fields, &decoded) {
            (Err(_), Err(_)) => {}
            (Ok(fields), Err(error)) => prop_assert!(fields.nested, "{}: {error}", K::KIND),
            (Err(error), Ok(_)) => prop_assert!(false, "{}: {error:?}", K::KIND),
            (Ok(_), Ok(_)) => {}
        }
        Ok(())
    }

    fn all_agree(body: &[u8]) -> Result<(), TestCaseError> {
        agrees::<markers::Connect>(body)?;
        agrees::<markers::Refresh>(body)?;
        agrees::<markers::Subscribe>(body)?;
        agrees::<markers::Publish>(body)?;
        agrees::<markers::SubRefresh>(body)?;
        agrees::<markers::Rpc>(body)?;
        agrees::<markers::NotifyChannelState>(body)?;
        agrees::<markers::NotifyCacheEmpty>(body)?;
        agrees::<markers::MapPublish>(body)?;
        agrees::<markers::MapRemove>(body)?;
        agrees::<markers::SharedPollRefresh>(body)?;
        agrees::<markers::SubscribeStream>(body)
    }

    /// Generates valid and invalid encodings of a field.
    fn field() -> impl Strategy<Value = Vec<u8>> {
        let number = prop_oneof![1u64..20, any::<u32>().prop_map(u64::from)];
        let value = prop_oneof![
            any::<u64>().prop_map(|value| {
                let mut bytes = Vec::new();
                prost::encoding::encode_varint(value, &mut bytes);
                (0, bytes)
            }),
            any::<[u8; 8]>().prop_map(|bytes| (1, bytes.to_vec())),
            prop_oneof![".{0,9}".prop_map(String::into_bytes), any::<Vec<u8>>()].prop_map(|value| {
                let mut bytes = Vec::new();
                prost::encoding::encode_varint(value.len() as u64, &mut bytes);
                bytes.extend(value);
                (2, bytes)
            }),
            any::<[u8; 4]>().prop_map(|bytes| (5, bytes.to_vec())),
            (0u64..8, any::<[u8; 2]>()).prop_map(|(wire, bytes)| (wire, bytes.to_vec())),
        ];
        (number, value).prop_map(|(number, (wire, value))| {
            let mut bytes = Vec::new();
            prost::encoding::encode_varint(number << 3 | wire, &mut bytes);
            bytes.extend(value);
            bytes
        })
    }

    proptest! {
        #[test]
        fn agrees_with_prost_on_any_bytes(body: Vec<u8>) {
            all_agree(&body)?;
        }

        #[test]
        fn agrees_with_prost_on_fields(fields in proptest::collection::vec(field(), 0..6), group: bool) {
            let mut body = fields.concat();
            if group {
                body = [vec![0xa3, 0x06], body, vec![0xa4, 0x06]].concat();
            }
            all_agree(&body)?;
        }

        #[test]
        fn finds_the_same_fields_as_prost(client in ".*", method in ".*", data: Vec<u8>, label in ".*", cut: u16) {
            let request = centrifugo_proto::proxy::RpcRequest {
                client, method, data: data.into(), labels: [("a".to_owned(), label)].into(), ..Default::default()
            };
            let mut body = request.encode_to_vec();
            let fields = Fields::read(&body, Kind::Rpc.layout()).unwrap();
            prop_assert_eq!(fields.text(&body, CLIENT), request.client);
            prop_assert_eq!(fields.text(&body, Kind::Rpc.layout().target), request.method);
            prop_assert_eq!(fields.bytes(&body, Kind::Rpc.layout().data), &request.data[..]);
            prop_assert!(fields.nested);
            body.truncate(usize::from(cut) % (body.len() + 1));
            all_agree(&body)?;
        }
    }

    #[test]
    fn takes_the_last_occurrence_of_a_field() {
        let body = b"\x5a\x01a\x5a\x02bc\x0a\x00";
        let fields = Fields::read(body, Kind::Rpc.layout()).unwrap();
        assert_eq!(fields.text(body, 11), "bc");
        assert_eq!(fields.text(body, CLIENT), "");
    }

    #[test]
    fn refuses_deeply_nested_groups() {
        let body = [0xa3, 0x06].repeat(100_000);
        assert!(Fields::read(&body, Kind::Rpc.layout()).is_err());
    }
}
