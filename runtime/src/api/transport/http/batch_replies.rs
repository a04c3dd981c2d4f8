//! Splits the answer to a batch.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::api::error::Error;

#[derive(Deserialize)]
struct Replies<'a> {
    #[serde(borrow, default)]
    replies: Vec<Reply<'a>>,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    publish: Option<&'a RawValue>,
}

impl Reply<'_> {
    /// Returns the reply in the form of an answer to a single call.
    fn answer(&self) -> Bytes {
        let answer = match (self.error, self.publish) {
            (Some(error), _) => format!(r#"{{"error":{error}}}"#),
            (None, Some(result)) => format!(r#"{{"result":{result}}}"#),
            (None, None) => "{}".to_owned(),
        };
        answer.into()
    }
}

/// Splits the answer to a batch into an answer for each call.
///
/// `sent` tells which calls were in the batch. The others were cancelled before it was sent.
pub(super) fn split_replies(answer: &[u8], sent: &[bool]) -> Result<Vec<Result<Bytes, Error>>, Error> {
    let read: Replies<'_> = serde_json::from_slice(answer)
        .map_err(|error| Error::unreadable(format!("the answer cannot be read: {error}")))?;
    let (got, count) = (read.replies.len(), sent.iter().filter(|sent| **sent).count());
    if got != count {
        return Err(Error::unreadable(format!("{got} replies came to {count} calls")));
    }
    let mut replies = read.replies.iter();
    let each = |sent: &bool| {
        let reply = if *sent { replies.next() } else { None };
        reply
            .map(Reply::answer)
            .ok_or_else(|| Error::timed_out(false, "the call was cancelled"))
    };
    Ok(sent.iter().map(each).collect())
}
