//! Extracts the subscribe request from the first message of a bidirectional stream.

use bytes::Bytes;

use crate::event::{Fields, Layout, Malformed};

/// Returns the encoded subscribe request of the first message, which is the body of the event.
///
/// # Errors
///
/// Returns a text if the message cannot be read or has no request.
pub(crate) fn subscribe_request(first: &Bytes) -> Result<Bytes, String> {
    static MESSAGE: Layout = Layout::new().nested(1).nested(2);
    let fields = Fields::read(first, &MESSAGE)
        .map_err(|Malformed(reason)| format!("the first message of the stream can't be read: {reason}"))?;
    match fields.span(1) {
        // A field that is present has its key before it, so its span cannot start at 0.
        span if span.start == 0 => Err("the first message of the stream has no subscribe request".into()),
        span => Ok(first.slice(span)),
    }
}

#[cfg(test)]
mod tests {
    use centrifugo_proto::proxy;
    use prost::Message;

    use super::*;

    #[test]
    fn returns_the_request() {
        let request = proxy::SubscribeRequest {
            channel: "a".into(),
            ..Default::default()
        };
        let first = |subscribe_request| {
            let message = proxy::StreamSubscribeRequest {
                subscribe_request,
                publication: None,
            };
            subscribe_request_of(message)
        };
        assert_eq!(first(Some(request.clone())), Ok(request.encode_to_vec().into()));
        // A request whose fields all have their default values is empty.
        assert_eq!(first(Some(proxy::SubscribeRequest::default())), Ok(Bytes::new()));
        assert!(first(None).unwrap_err().contains("has no subscribe request"));
        let cut = subscribe_request(&Bytes::from_static(b"\x0a\x05a"));
        assert!(cut.unwrap_err().contains("can't be read"));
    }

    fn subscribe_request_of(message: proxy::StreamSubscribeRequest) -> Result<Bytes, String> {
        subscribe_request(&message.encode_to_vec().into())
    }
}
