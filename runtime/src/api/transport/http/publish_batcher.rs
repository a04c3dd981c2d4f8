//! Sends concurrent publishes in batches.
//!
//! While several requests are in flight, further publishes wait. When one of the requests is answered, the waiting publishes
//! are sent as one parallel `batch`: a request costs Centrifugo several times as much as a publish in it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::oneshot::{Sender, channel};
use tokio::time::timeout;

use super::batch_replies::split_replies;
use super::publish_batch::PublishBatch;
use super::request_body::RequestBody;
use super::requester::Requester;
use crate::api::error::{Error, ErrorKind};
use crate::api::methods::Names;
use crate::api::transport::transport::Attempt;
use crate::metrics::publishes_batched;

/// The number of requests in flight below which each publish is sent at once in its own request.
const REQUESTS: usize = 8;
/// How long a publish waits for the answer to another request, so that hanging requests do not delay all publishes.
const PATIENCE: Duration = Duration::from_millis(20);
/// The maximum number of publishes in a batch.
const MOST: usize = 100;
/// The length from which a batch takes no further publish, in bytes.
const MOST_BYTES: usize = 64 * 1024;
/// The length above which a publish is sent in its own request, in bytes: a batch would gain nothing.
const LARGE: usize = 8 * 1024;
/// The method's name in a URL, and the name of its reply in a batch.
const METHOD: &str = "publish";

/// Returns whether an attempt may be sent in a batch.
pub(super) fn is_batchable(attempt: &Attempt) -> bool {
    attempt.names.http == METHOD && attempt.body.len() <= LARGE
}

#[derive(Clone, Default)]
pub(super) struct PublishBatcher(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Whether the peer refuses batches, such as a proxy that allows some paths only.
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

impl PublishBatcher {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn carry(self, requester: Arc<Requester>, attempt: Attempt) -> Result<Bytes, Error> {
        if self.0.refused.load(Ordering::Relaxed) {
            return requester.send_one(attempt).await;
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
            let _turn = self.turn(&requester);
            return requester.send_one(attempt).await;
        };
        let answer = match timeout(PATIENCE, &mut answered).await {
            Ok(answer) => answer,
            Err(_) => {
                if !attempt.progress.is_sent() {
                    self.state().requests += 1;
                    drop(self.turn(&requester));
                }
                answered.await
            }
        };
        answer.unwrap_or_else(|_| {
            let sent = attempt.progress.is_sent();
            Err(Error::lost(sent, "the runtime of the call has ended"))
        })
    }

    fn turn(&self, requester: &Arc<Requester>) -> Turn {
        Turn {
            batcher: self.clone(),
            requester: requester.clone(),
        }
    }

    /// Takes the publishes for the next request, without cancelled ones.
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

/// One of the requests in flight. When it is dropped, the waiting publishes are sent.
struct Turn {
    batcher: PublishBatcher,
    requester: Arc<Requester>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let group = self.batcher.next();
        let Some(first) = group.first() else { return };
        let turn = self.batcher.turn(&self.requester);
        // In a task, since the future of each waiting call may be dropped.
        first.runtime.clone().spawn(turn.carry(group));
    }
}

impl Turn {
    async fn carry(self, group: Vec<Waiting>) {
        let (attempts, mut answers): (Vec<_>, Vec<_>) = group
            .into_iter()
            .map(|waiting| (waiting.attempt, waiting.answer))
            .unzip();
        // The request is cancelled when all its calls are.
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
        publishes_batched("http", attempts.len());
        if let [attempt] = attempts {
            return vec![self.requester.send_one(attempt.clone()).await];
        }
        let batch = PublishBatch::new(attempts);
        let sent = batch.sent();
        let Some(first) = attempts.first() else {
            return Vec::new();
        };
        let request = self.requester.request(
            &Names::BATCH,
            RequestBody::Batch(Some(batch)),
            // A request belongs to one trace.
            &first.trace,
            || attempts.iter().any(|attempt| attempt.progress.is_sent()),
        );
        let error = match request.await {
            Ok(answer) => match split_replies(&answer, &sent.take()) {
                Ok(replies) => return replies,
                Err(error) => error,
            },
            Err(error)
                if matches!(error.kind(), ErrorKind::Refused | ErrorKind::Unsupported)
                    && !error.is_temporary() =>
            {
                let mut results = Vec::new();
                for attempt in attempts {
                    let result = self.requester.send_one(attempt.clone()).await;
                    // Otherwise the reason is not the batch, but for example a wrong key.
                    if result.is_ok() {
                        self.batcher.0.refused.store(true, Ordering::Relaxed);
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
