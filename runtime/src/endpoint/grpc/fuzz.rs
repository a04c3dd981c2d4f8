//! cargo-fuzz targets for the metadata of calls and the framing of their messages.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body::{Body, Frame};

use super::message_body::{MessageBody, MessageCount};
use super::timeout::handler_timeout;
use crate::endpoint::Secrets;
use crate::error::BoxError;
use crate::event::Metadata;

/// Reads each line of the bytes as a header: a key, a colon and a value of arbitrary bytes. Checks the secret, the timeout and the
/// metadata that handlers see.
pub fn grpc_metadata(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n').take(64) {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (key, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default();
        if let (Ok(key), Ok(value)) = (HeaderName::from_bytes(key), HeaderValue::from_bytes(value)) {
            headers.append(key, value);
        }
    }
    let _ = handler_timeout(&headers);

    let mut secrets = Secrets::default();
    secrets.add("x-key", "s3cret").expect("a secret");
    let has_secret = headers
        .get_all("x-key")
        .iter()
        .any(|value| value.as_bytes() == b"s3cret");
    let mut request = Request::new(());
    *request.headers_mut() = headers;
    assert_eq!(secrets.admit_request(&mut request, None), has_secret);
    let headers = std::mem::take(request.headers_mut());

    let metadata = Metadata::from_headers(headers.clone());
    for key in metadata.keys() {
        assert!(key != "type" && !key.starts_with("grpc-"), "{key}");
        assert!(headers.contains_key(key), "{key}");
        // Values keep their order. Those that are not text are missing.
        let mut all = headers.get_all(key).iter();
        for value in metadata.all(key) {
            assert!(
                all.any(|header| header.as_bytes() == value.as_bytes()),
                "{key}: {value}"
            );
            assert!(key != "x-key" || value != "s3cret");
        }
        let (one, count) = (metadata.one(key), headers.get_all(key).iter().count());
        assert_eq!(metadata.bytes(key).count(), count, "{key}");
        let is_text = metadata.all(key).count() == count;
        assert_eq!(one.is_ok(), count == 1 && is_text, "{key}");
    }
}

/// A body whose frames are all available.
struct AvailableBody(VecDeque<Bytes>);

impl Body for AvailableBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(self.0.pop_front().map(|frame| Ok(Frame::data(frame))))
    }
}

/// Splits the bytes into frames and compares the messages of `MessageBody` with those of a simple parser. The first byte is the
/// size of the frames, the second byte is the longest message.
pub fn grpc_framing(bytes: &[u8]) {
    let [size, max_len, stream @ ..] = bytes else {
        return;
    };
    let max_len = usize::from(*max_len);
    let frames = stream
        .chunks(usize::from(*size).max(1))
        .map(Bytes::copy_from_slice)
        .collect();
    let mut body = MessageBody::new(AvailableBody(frames), MessageCount::Any, max_len);
    let mut read = Vec::new();
    let mut cx = Context::from_waker(Waker::noop());
    let failed = loop {
        match Pin::new(&mut body).poll_frame(&mut cx) {
            Poll::Ready(Some(Ok(frame))) => read.push(frame.into_data().expect("data")),
            Poll::Ready(Some(Err(_))) => break true,
            Poll::Ready(None) => break false,
            Poll::Pending => panic!("pending although all frames are available"),
        }
    };
    let (mut expected, mut left) = (Vec::new(), stream);
    let is_whole = loop {
        let Some((prefix, rest)) = left.split_at_checked(5) else {
            break left.is_empty();
        };
        let len = prefix[1..]
            .iter()
            .fold(0, |len, byte| len << 8 | usize::from(*byte));
        if len > max_len || rest.len() < len {
            break false;
        }
        expected.push(Bytes::copy_from_slice(&left[..5 + len]));
        left = &rest[len..];
    };
    assert_eq!(read, expected);
    assert_eq!(failed, !is_whole);
}
