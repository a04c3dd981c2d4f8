//! Reads one field of an encoded message, so that an event is routed before it is decoded.

/// The last text of field `number`; `Err` when the bytes are not a message.
pub(crate) fn text(mut body: &[u8], number: u32) -> Result<&str, Malformed> {
    let mut found: &[u8] = &[];
    while !body.is_empty() {
        let key = varint(&mut body)?;
        let field = u32::try_from(key >> 3).map_err(|_| Malformed)?;
        match key & 7 {
            0 => {
                varint(&mut body)?;
            }
            1 => {
                take(&mut body, 8)?;
            }
            2 => {
                let len = usize::try_from(varint(&mut body)?).map_err(|_| Malformed)?;
                let bytes = take(&mut body, len)?;
                if field == number {
                    found = bytes;
                }
            }
            5 => {
                take(&mut body, 4)?;
            }
            // Groups: nothing of ours has any, and prost reads them later, when it must.
            _ => return Err(Malformed),
        }
    }
    std::str::from_utf8(found).map_err(|_| Malformed)
}

/// The bytes are not a protobuf message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

fn varint(body: &mut &[u8]) -> Result<u64, Malformed> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let (&byte, rest) = body.split_first().ok_or(Malformed)?;
        *body = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Malformed)
}

fn take<'a>(body: &mut &'a [u8], len: usize) -> Result<&'a [u8], Malformed> {
    let (taken, rest) = body.split_at_checked(len).ok_or(Malformed)?;
    *body = rest;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use centrifugo_proto::proxy::RpcRequest;
    use proptest::prelude::*;
    use prost::Message;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_prost_finds(client in ".*", method in ".*", data: Vec<u8>) {
            let request = RpcRequest { client: client.clone(), method: method.clone(), data: data.into(), ..Default::default() };
            let body = request.encode_to_vec();
            prop_assert_eq!(text(&body, 11), Ok(method.as_str()));
            prop_assert_eq!(text(&body, 1), Ok(client.as_str()));
        }

        #[test]
        fn agrees_with_prost_that_bytes_are_no_message(body: Vec<u8>) {
            if let Ok(method) = text(&body, 11) && let Ok(request) = RpcRequest::decode(body.as_slice()) {
                prop_assert_eq!(method, request.method);
            }
        }
    }
}
