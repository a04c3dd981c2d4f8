use std::collections::VecDeque;
use std::future::poll_fn;

use proptest::prelude::*;
use tokio::time::Instant;
use tonic::Code;

use super::*;

/// Frames that are there, and then the end or nothing.
struct Frames {
    frames: VecDeque<Bytes>,
    ends: bool,
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
            None if self.ends => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

fn body(frames: &[&[u8]], ends: bool, count: Count, max_len: usize) -> MessageBody<Frames> {
    let frames = frames.iter().map(|frame| Bytes::copy_from_slice(frame)).collect();
    MessageBody::new(Frames { frames, ends }, count, max_len)
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
async fn passes_a_whole_message_on_without_a_copy() {
    let frame = Bytes::from(message("hello"));
    let frames = Frames {
        frames: VecDeque::from([frame.clone()]),
        ends: true,
    };
    let mut body = MessageBody::new(frames, Count::One, 5);
    let passed = next(&mut body).await.unwrap().unwrap();
    assert_eq!((passed.as_ptr(), passed.len()), (frame.as_ptr(), frame.len()));
    assert!(body.timer.is_none() && next(&mut body).await.is_none());
}

#[tokio::test]
async fn refuses_a_length_over_the_limit_before_the_message_is_there() {
    for count in [Count::One, Count::Any] {
        for frames in [&[&[0, 0, 0, 0, 6][..]][..], &[&[0, 0], &[0, 0], &[6]]] {
            let mut body = body(frames, false, count, 5);
            assert_eq!(next(&mut body).await, Some(Err(Code::ResourceExhausted)));
            assert_eq!(next(&mut body).await, None);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn holds_no_more_than_twice_the_bytes_that_arrived() {
    let frames: &[&[u8]] = &[&[0, 3, 0xff, 0xff, 0xff], &[1; 100]];
    let mut body = body(frames, false, Count::One, 64 << 20).arrival_limit(Duration::MAX);
    let waiting = tokio::time::timeout(Duration::from_secs(1), next(&mut body)).await;
    assert!(waiting.is_err());
    assert!(body.held.capacity() <= 2 * 105, "{}", body.held.capacity());
}

#[tokio::test(start_paused = true)]
async fn limits_the_time_of_the_first_message_and_of_the_end() {
    // Nothing, half a prefix, half a message, and a message without the end of the body.
    let whole = message("hello");
    for frames in [&[][..], &[&whole[..3]], &[&whole[..8]], &[&whole]] {
        let start = Instant::now();
        let mut body = body(frames, false, Count::One, 5);
        while let Some(frame) = next(&mut body).await {
            if let Err(code) = frame {
                assert_eq!(code, Code::DeadlineExceeded);
            }
        }
        assert_eq!(start.elapsed().as_secs(), ARRIVAL_LIMIT.as_secs(), "{frames:?}");
    }
    let mut body = body(&[&whole, &whole[..3]], false, Count::Any, 5);
    assert_eq!(next(&mut body).await, Some(Ok(whole.into())));
    let later = tokio::time::timeout(ARRIVAL_LIMIT * 100, next(&mut body)).await;
    assert!(later.is_err(), "a stream may be silent: {later:?}");
}

#[tokio::test]
async fn refuses_a_second_message_of_a_call_and_half_a_message() {
    let (one, two) = (message("1"), message("2"));
    for frames in [&[&one[..], &two][..], &[&[&one[..], &two].concat()]] {
        let mut body = body(frames, true, Count::One, 5);
        assert_eq!(next(&mut body).await, Some(Ok(one.clone().into())));
        assert_eq!(next(&mut body).await, Some(Err(Code::Internal)));
    }
    for len in 1..one.len() {
        let mut body = body(&[&one[..len]], true, Count::Any, 5);
        assert_eq!(next(&mut body).await, Some(Err(Code::Internal)), "{len}");
    }
}

proptest! {
    #[test]
    fn messages_are_the_same_however_they_are_cut(
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
        let mut body = body(&frames, true, Count::Any, 40);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            for message in &all {
                assert_eq!(next(&mut body).await, Some(Ok(message.clone().into())));
            }
            assert_eq!(next(&mut body).await, None);
        });
    }
}
