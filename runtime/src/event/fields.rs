//! Where the fields of an encoded request stand: an event is routed, and most of it is read, without decoding the message.

use std::ops::Range;

/// Field numbers go from 1 to below this.
const COUNT: usize = 17;

/// Where kinds have what they have in common.
pub(crate) const CLIENT: usize = 1;
pub(crate) const TRANSPORT: usize = 2;
pub(crate) const PROTOCOL: usize = 3;
pub(crate) const ENCODING: usize = 4;
pub(crate) const USER: usize = 10;
/// The key of a map channel.
pub(crate) const KEY: usize = 12;

/// How a field is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Unknown,
    Text,
    Bytes,
    /// Lists, maps and messages: only a decoder can check them.
    Nested,
}

/// The fields of one kind's request. Numbers are those of Centrifugo's `proxy.proto`; 0 stands for «none».
pub(crate) struct Layout {
    shapes: [Shape; COUNT],
    /// What patterns are matched with.
    pub(crate) target: usize,
    /// Data; its form in base 64 is the next field.
    pub(crate) data: usize,
    /// The connection's meta; the labels are the next field.
    pub(crate) meta: usize,
}

impl Layout {
    /// A request without a client behind it.
    pub(crate) const fn new() -> Self {
        Self {
            shapes: [Shape::Unknown; COUNT],
            target: 0,
            data: 0,
            meta: 0,
        }
    }

    /// A request of a client.
    pub(crate) const fn of_client() -> Self {
        Self::new().texts(&[CLIENT, TRANSPORT, PROTOCOL, ENCODING])
    }

    /// A request of a client whose user is known.
    pub(crate) const fn of_user() -> Self {
        Self::of_client().texts(&[USER])
    }

    /// Whether it is a text or bytes of this kind's request.
    pub(crate) fn has(&self, number: usize) -> bool {
        matches!(self.shapes.get(number), Some(Shape::Text | Shape::Bytes))
    }

    /// The number of the client's id; 0 where no client is behind the event.
    pub(crate) fn client(&self) -> usize {
        if self.has(PROTOCOL) { CLIENT } else { 0 }
    }

    /// The number of the user's id; 0 where the event has none.
    pub(crate) fn user(&self) -> usize {
        if self.has(USER) { USER } else { 0 }
    }

    pub(crate) const fn target(mut self, number: usize) -> Self {
        self.target = number;
        self.texts(&[number])
    }

    pub(crate) const fn data(mut self, number: usize) -> Self {
        self.data = number;
        self.shapes[number] = Shape::Bytes;
        self.texts(&[number + 1])
    }

    pub(crate) const fn meta(mut self, number: usize) -> Self {
        self.meta = number;
        self.shapes[number] = Shape::Bytes;
        self.nested(number + 1)
    }

    pub(crate) const fn texts(mut self, numbers: &[usize]) -> Self {
        let mut at = 0;
        while at < numbers.len() {
            self.shapes[numbers[at]] = Shape::Text;
            at += 1;
        }
        self
    }

    pub(crate) const fn nested(mut self, number: usize) -> Self {
        self.shapes[number] = Shape::Nested;
        self
    }
}

/// The places of the texts and bytes of one request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fields {
    spans: [(u32, u32); COUNT],
    /// Whether there are fields that only a decoder can check.
    pub(crate) nested: bool,
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

impl Fields {
    #[cfg(any(feature = "grpc", feature = "testing", test))]
    pub(crate) fn read(body: &[u8], layout: &Layout) -> Result<Self, Malformed> {
        let mut fields = Self::default();
        fields.fill(body, layout)?;
        Ok(fields)
    }

    /// Reads a body into fields that are still empty, where they lie.
    pub(crate) fn fill(&mut self, body: &[u8], layout: &Layout) -> Result<(), Malformed> {
        if u32::try_from(body.len()).is_err() {
            return Err(Malformed("it is longer than 4 GiB"));
        }
        let mut rest = body;
        while !rest.is_empty() {
            let (number, wire) = key(&mut rest)?;
            let shape = layout
                .shapes
                .get(number as usize)
                .copied()
                .unwrap_or(Shape::Unknown);
            if shape == Shape::Unknown {
                skip(&mut rest, number, wire, 0)?;
                continue;
            }
            if wire != 2 {
                return Err(Malformed("a field is not written as its type is"));
            }
            let bytes = delimited(&mut rest)?;
            match shape {
                Shape::Nested => self.nested = true,
                Shape::Text if std::str::from_utf8(bytes).is_err() => {
                    return Err(Malformed("a text is not UTF-8"));
                }
                _ => {}
            }
            let end = body.len() - rest.len();
            // Both fit: the body's length does.
            self.spans[number as usize] = ((end - bytes.len()) as u32, end as u32);
        }
        Ok(())
    }

    /// Where a field stands; empty when it is not there.
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
                return Err(Malformed("a group ends as another"));
            }
        },
        _ => Err(Malformed("a field has an unknown type")),
    }
}

const CUT: Malformed = Malformed("it ends within a field");

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
    use crate::event::{EventKind, Kind, markers};

    /// What the fields and prost make of the same bytes is the same.
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

    /// Fields as they might be written, and some as they must not.
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
        fn finds_what_prost_finds(client in ".*", method in ".*", data: Vec<u8>, label in ".*", cut: u16) {
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
    fn the_last_of_a_field_counts() {
        let body = b"\x5a\x01a\x5a\x02bc\x0a\x00";
        let fields = Fields::read(body, Kind::Rpc.layout()).unwrap();
        assert_eq!(fields.text(body, 11), "bc");
        assert_eq!(fields.text(body, CLIENT), "");
    }

    #[test]
    fn deep_groups_are_refused() {
        let body = [0xa3, 0x06].repeat(100_000);
        assert!(Fields::read(&body, Kind::Rpc.layout()).is_err());
    }
}
