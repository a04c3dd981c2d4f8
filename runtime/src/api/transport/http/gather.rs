//! Publishes that leave together. While some requests are under way, further publishes wait; when one of them is
//! answered, all that wait leave as one `batch`, to be carried out side by side. A request costs Centrifugo several
//! times what a publish in it does.

use std::collections::VecDeque;
use std::mem::take;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::runtime::Handle;
use tokio::sync::oneshot::{Sender, channel};
use tokio::time::timeout;

use super::Inner;
use super::outgoing::Outgoing;
use crate::api::error::{Error, ErrorKind};
use crate::api::schema::Names;
use crate::api::transport::activity::Activity;
use crate::api::transport::{Attempt, Progress};

/// Requests at once; while there are fewer, every publish leaves at once and alone.
const REQUESTS: usize = 8;
/// Who has waited so long waits no more: some requests that hang must not hold up all publishes.
const PATIENCE: Duration = Duration::from_millis(20);
/// Publishes in one request.
const MOST: usize = 100;
/// Bytes after which a request takes no further publish.
const MOST_BYTES: usize = 64 * 1024;
/// Bytes over which a publish leaves alone: a batch would gain it nothing.
const LARGE: usize = 8 * 1024;
/// The method, and what its reply in a batch is called.
const METHOD: &str = "publish";

/// Whether an attempt may leave with others.
pub(super) fn takes(attempt: &Attempt) -> bool {
    attempt.names.http == METHOD && attempt.body.len() <= LARGE
}

#[derive(Clone, Default)]
pub(super) struct Gather(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Whoever is there takes no batches, as a proxy that lets some paths through.
    refused: AtomicBool,
}

#[derive(Default)]
struct State {
    requests: usize,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    attempt: Attempt,
    answer: Sender<Result<Bytes, Error>>,
    runtime: Handle,
}

impl Gather {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn carry(self, inner: Arc<Inner>, attempt: Attempt) -> Result<Bytes, Error> {
        if self.0.refused.load(Ordering::Relaxed) {
            return inner.alone(attempt).await;
        }
        let answer = {
            let mut state = self.state();
            if state.requests < REQUESTS {
                state.requests += 1;
                None
            } else {
                let (answer, answered) = channel();
                state.waiting.push_back(Waiting {
                    attempt: attempt.clone(),
                    answer,
                    runtime: Handle::current(),
                });
                Some(answered)
            }
        };
        let Some(mut answered) = answer else {
            let _turn = self.turn(&inner);
            return inner.alone(attempt).await;
        };
        let answer = match timeout(PATIENCE, &mut answered).await {
            Ok(answer) => answer,
            Err(_) => {
                if !attempt.progress.is_sent() {
                    self.state().requests += 1;
                    drop(self.turn(&inner));
                }
                answered.await
            }
        };
        answer.unwrap_or_else(|_| {
            let sent = attempt.progress.is_sent();
            Err(Error::lost(sent, "the runtime ended that made the call"))
        })
    }

    fn turn(&self, inner: &Arc<Inner>) -> Turn {
        Turn {
            gather: self.clone(),
            inner: inner.clone(),
        }
    }

    /// Those that leave next. Who has been given up stays behind.
    fn next(&self) -> Vec<Waiting> {
        let (mut group, mut bytes) = (Vec::new(), 0);
        let mut state = self.state();
        while group.len() < MOST && bytes < MOST_BYTES {
            let Some(waiting) = state.waiting.pop_front() else {
                break;
            };
            if !waiting.answer.is_closed() {
                bytes += waiting.attempt.body.len();
                group.push(waiting);
            }
        }
        if group.is_empty() {
            state.requests -= 1;
        }
        group
    }
}

/// The right to a request; whoever has had its answer hands it on to those that wait.
struct Turn {
    gather: Gather,
    inner: Arc<Inner>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let group = self.gather.next();
        let Some(first) = group.first() else { return };
        let turn = self.gather.turn(&self.inner);
        // On its own: each of those who wait may be dropped.
        first.runtime.clone().spawn(turn.carry(group));
    }
}

impl Turn {
    async fn carry(self, group: Vec<Waiting>) {
        let (attempts, mut answers): (Vec<_>, Vec<_>) = group
            .into_iter()
            .map(|waiting| (waiting.attempt, waiting.answer))
            .unzip();
        // Nobody waits any more when all time limits are over.
        let results = {
            let all_gone = async {
                for answer in &mut answers {
                    answer.closed().await;
                }
            };
            tokio::select! {
                results = self.results(&attempts) => results,
                () = all_gone => return,
            }
        };
        for (answer, result) in answers.into_iter().zip(results) {
            let _ = answer.send(result);
        }
    }

    async fn results(&self, attempts: &[Attempt]) -> Vec<Result<Bytes, Error>> {
        if let [attempt] = attempts {
            return vec![self.inner.alone(attempt.clone()).await];
        }
        let group = Group::of(attempts);
        let sent = group.sent.clone();
        let request = self.inner.request(
            Names::BATCH.http,
            Names::BATCH.name,
            Outgoing::Together(Some(group)),
            || attempts.iter().any(|attempt| attempt.progress.is_sent()),
        );
        let error = match request.await {
            Ok(answer) => {
                let sent = take(&mut *sent.lock().unwrap_or_else(PoisonError::into_inner));
                match replies(&answer, &sent) {
                    Ok(replies) => return replies,
                    Err(error) => error,
                }
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::Refused | ErrorKind::Unsupported)
                    && !error.is_temporary() =>
            {
                let mut results = Vec::new();
                for attempt in attempts {
                    let result = self.inner.alone(attempt.clone()).await;
                    // A wrong key is refused either way.
                    if result.is_ok() {
                        self.gather.0.refused.store(true, Ordering::Relaxed);
                    }
                    results.push(result);
                }
                return results;
            }
            Err(error) => error,
        };
        attempts.iter().map(|_| Err(error.clone())).collect()
    }
}

/// Calls that are about to leave.
pub(super) struct Group {
    calls: Vec<(Bytes, Progress)>,
    /// Which of them have left.
    sent: Arc<Mutex<Vec<bool>>>,
}

impl Group {
    fn of(attempts: &[Attempt]) -> Self {
        let call = |attempt: &Attempt| (attempt.body.clone(), attempt.progress.clone());
        Self {
            calls: attempts.iter().map(call).collect(),
            sent: Arc::default(),
        }
    }

    /// Names the connection that the calls are about to leave on.
    pub(super) fn attach(&self, activity: &Arc<Activity>) {
        for (_, progress) in &self.calls {
            progress.attach(activity);
        }
    }

    /// The request of those that have not been given up: they leave now.
    pub(super) fn start(self) -> Bytes {
        let mut text = Vec::from(&br#"{"parallel":true,"commands":["#[..]);
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        for (body, progress) in &self.calls {
            let starts = progress.start();
            if starts {
                if sent.contains(&true) {
                    text.push(b',');
                }
                text.extend_from_slice(br#"{"publish":"#);
                text.extend_from_slice(body);
                text.push(b'}');
            }
            sent.push(starts);
        }
        text.extend_from_slice(b"]}");
        text.into()
    }
}

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
    /// As the answer to a call alone has it.
    fn answer(&self) -> Bytes {
        let answer = match (self.error, self.publish) {
            (Some(error), _) => format!(r#"{{"error":{error}}}"#),
            (None, Some(result)) => format!(r#"{{"result":{result}}}"#),
            (None, None) => "{}".to_owned(),
        };
        answer.into()
    }
}

/// An answer for each call: those that have not left were given up, and nobody waits for theirs.
fn replies(answer: &[u8], sent: &[bool]) -> Result<Vec<Result<Bytes, Error>>, Error> {
    let read: Replies<'_> = serde_json::from_slice(answer)
        .map_err(|error| Error::unreadable(format!("the answer can't be read: {error}")))?;
    let (got, count) = (read.replies.len(), sent.iter().filter(|sent| **sent).count());
    if got != count {
        return Err(Error::unreadable(format!("{got} replies came to {count} calls")));
    }
    let mut replies = read.replies.iter();
    let each = |sent: &bool| {
        let reply = if *sent { replies.next() } else { None };
        reply
            .map(Reply::answer)
            .ok_or_else(|| Error::timed_out(false, "the call was given up"))
    };
    Ok(sent.iter().map(each).collect())
}
