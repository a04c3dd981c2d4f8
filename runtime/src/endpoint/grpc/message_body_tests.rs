use std::collections::VecDeque;
use std::future::poll_fn;

use proptest::prelude::*;
use tokio::time::Instant;
use tonic::Code;

use super::*;

/// Yields frames, and then ends or is pending for ever.
struct Frames {
    frames: VecDeque<Bytes>,
    has_end: bool,
}

impl Body for Frames {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.frames.pop_front() {
            Some(frame) => Poll::Ready(Some(Ok(Frame::data(frame)))),
            None if self.has_end => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

fn body(frames: &[&[u8]], has_end: bool, count: MessageCount, max_len: usize) -> MessageBody<Frames> {
    let frames = frames.iter().map(|frame| Bytes::copy_from_slice(frame)).collect();
    MessageBody::new(Frames { frames, has_end }, count, max_len)
}

async fn next(body: &mut MessageBody<Frames>) -> Option<Result<Bytes, Code>> {
    let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await?;
    Some(
        frame
            .map(|frame| frame.into_data().unwrap())
            .map_err(|status| status.code()),
    )
}

fn message(text: &str) -> Vec<u8> {
    let len = u32::try_from(text.len()).unwrap();
    [&[0][..], &len.to_be_bytes(), text.as_bytes()].concat()
}

#[tokio::test]
async fn returns_a_complete_message_without_a_copy() {
    let frame = Bytes::from(message("hello"));
    let frames = Frames {
        frames: VecDeque::from([frame.clone()]),
        has_end: true,
    };
    let mut body = MessageBody::new(frames, MessageCount::One, 5);
    let message = next(&mut body).await.unwrap().unwrap();
    assert_eq!((message.as_ptr(), message.len()), (frame.as_ptr(), frame.len()));
    assert!(body.timer.is_none() && next(&mut body).await.is_none());
}

#[tokio::test]
async fn refuses_a_length_over_the_limit_before_the_message_arrives() {
    for count in [MessageCount::One, MessageCount::Any] {
        for frames in [&[&[0, 0, 0, 0, 6][..]][..], &[&[0, 0], &[0, 0], &[6]]] {
            let mut body = body(frames, false, count, 5);
            assert_eq!(next(&mut body).await, Some(Err(Code::ResourceExhausted)));
            assert_eq!(next(&mut body).await, None);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn allocates_at_most_twice_the_bytes_that_have_arrived() {
    let frames: &[&[u8]] = &[&[0, 3, 0xff, 0xff, 0xff], &[1; 100]];
    let mut body = body(frames, false, MessageCount::One, 64 << 20).arrival_timeout(Duration::MAX);
    let waiting = tokio::time::timeout(Duration::from_secs(1), next(&mut body)).await;
    assert!(waiting.is_err());
    assert!(body.partial.capacity() <= 2 * 105, "{}", body.partial.capacity());
}

#[tokio::test(start_paused = true)]
async fn times_out_while_waiting_for_the_first_message_and_for_the_end() {
    // Nothing, half a prefix, half a message, and a message without the end of the body.
    let complete = message("hello");
    for frames in [&[][..], &[&complete[..3]], &[&complete[..8]], &[&complete]] {
        let start = Instant::now();
        let mut body = body(frames, false, MessageCount::One, 5);
        while let Some(frame) = next(&mut body).await {
            if let Err(code) = frame {
                assert_eq!(code, Code::DeadlineExceeded);
            }
        }
        assert_eq!(start.elapsed().as_secs(), ARRIVAL_TIMEOUT.as_secs(), "{frames:?}");
    }
    let mut body = body(&[&complete, &complete[..3]], false, MessageCount::Any, 5);
    assert_eq!(next(&mut body).await, Some(Ok(complete.into())));
    let later = tokio::time::timeout(ARRIVAL_TIMEOUT * 100, next(&mut body)).await;
    assert!(later.is_err(), "later messages have no timeout: {later:?}");
}

#[tokio::test]
async fn refuses_a_second_message_and_an_incomplete_message() {
    let (one, two) = (message("1"), message("2"));
    for frames in [&[&one[..], &two][..], &[&[&one[..], &two].concat()]] {
        let mut body = body(frames, true, MessageCount::One, 5);
        assert_eq!(next(&mut body).await, Some(Ok(one.clone().into())));
        assert_eq!(next(&mut body).await, Some(Err(Code::Internal)));
    }
    for len in 1..one.len() {
        let mut body = body(&[&one[..len]], true, MessageCount::Any, 5);
        assert_eq!(next(&mut body).await, Some(Err(Code::Internal)), "{len}");
    }
}

proptest! {
    #[test]
    fn returns_the_same_messages_from_frames_of_any_size(
        texts in proptest::collection::vec("[a-z]{0,40}", 0..8),
        cuts in proptest::collection::vec(0usize..50, 0..30),
    ) {
        let all: Vec<_> = texts.iter().map(|text| message(text)).collect();
        let mut bytes = &all.concat()[..];
        let mut frames = Vec::new();
        for cut in cuts {
            let (frame, rest) = bytes.split_at(cut.min(bytes.len()));
            frames.push(frame);
            bytes = rest;
        }
        frames.push(bytes);
        let mut body = body(&frames, true, MessageCount::Any, 40);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            for message in &all {
                assert_eq!(next(&mut body).await, Some(Ok(message.clone().into())));
            }
            assert_eq!(next(&mut body).await, None);
        });
    }
}
