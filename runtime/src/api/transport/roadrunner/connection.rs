//! A connection with many calls in flight, whose answers are matched by sequence number.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::rpc_error::from_error_text;
use crate::api::error::Error;
use crate::api::error_text::clip;
use crate::api::in_flight_limit::InFlightPermit;
use crate::api::transport::attempt_progress::AttemptProgress;
use crate::api::transport::connection_activity::{ConnectionActivity, SilenceTracker};
use crate::goridge::{Answer, Decoder, frame, net_rpc};
use crate::metrics::OpenApiConnection;

/// The length of the queue of calls that wait to be written.
const WAITING: usize = 1024;
/// The length up to which small calls are written together, in bytes.
const TOGETHER: usize = 64 * 1024;

type Reply = oneshot::Sender<Result<Bytes, Error>>;

struct Job {
    method: &'static str,
    body: Bytes,
    progress: AttemptProgress,
    reply: Reply,
    /// Held as long as the request waits to be written.
    _permit: InFlightPermit,
}

/// An open connection. It is closed when it is dropped, or when the peer ends it.
pub(super) struct Connection {
    queue: mpsc::Sender<Job>,
    activity: Arc<ConnectionActivity>,
    driver: JoinHandle<()>,
}

/// A call that waits for an answer.
struct Pending {
    method: &'static str,
    /// Where its frame ends in the stream. The peer carries out only calls that it has read completely.
    end: u64,
    reply: Reply,
}

#[derive(Default)]
struct Table {
    calls: HashMap<u32, Pending>,
    next: u32,
    /// Bytes that were put into the stream, and bytes that were written to the socket.
    put: u64,
    written: u64,
    /// How many calls were left when cancelled calls were last removed.
    swept: usize,
}

impl Connection {
    pub(super) fn open(
        source: impl AsyncRead + Send + Unpin + 'static,
        sink: impl AsyncWrite + Send + Unpin + 'static,
        place: String,
        max_answer_len: usize,
        silence: &Arc<SilenceTracker>,
    ) -> Self {
        let (queue, jobs) = mpsc::channel(WAITING);
        let activity = ConnectionActivity::new(silence);
        let metrics = OpenApiConnection::new("roadrunner");
        let drive = drive(source, sink, jobs, place, max_answer_len, activity.clone());
        let driver = tokio::spawn(async move {
            let _open = metrics;
            drive.await;
        });
        Self {
            queue,
            activity,
            driver,
        }
    }

    pub(super) fn is_usable(&self) -> bool {
        !self.queue.is_closed() && !self.activity.is_silent()
    }

    pub(super) async fn call(
        &self,
        method: &'static str,
        body: Bytes,
        progress: AttemptProgress,
        permit: InFlightPermit,
    ) -> Result<Bytes, Error> {
        progress.attach(&self.activity);
        let (reply, answer) = oneshot::channel();
        let job = Job {
            method,
            body,
            progress: progress.clone(),
            reply,
            _permit: permit,
        };
        let gone = "the connection to RoadRunner was lost";
        self.queue.send(job).await.map_err(|_| Error::lost(false, gone))?;
        answer
            .await
            .unwrap_or_else(|_| Err(Error::lost(progress.is_sent(), gone)))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Reads and writes until one of them ends, then fails all calls that wait.
async fn drive(
    source: impl AsyncRead + Unpin,
    sink: impl AsyncWrite + Unpin,
    mut jobs: mpsc::Receiver<Job>,
    place: String,
    max_answer_len: usize,
    activity: Arc<ConnectionActivity>,
) {
    let table = Arc::new(Mutex::new(Table::default()));
    let why = tokio::select! {
        why = read(source, &table, max_answer_len, &activity) => why,
        why = write(sink, &table, &mut jobs) => why,
    };
    jobs.close();
    let why = match why {
        Some(why) => format!("the connection to RoadRunner at {place} was lost: {why}"),
        None => return,
    };
    tracing::debug!(target: "centrifugo", error = why, "connection to RoadRunner broke");
    while let Ok(job) = jobs.try_recv() {
        let _ = job.reply.send(Err(Error::lost(false, why.clone())));
    }
    let mut table = lock(&table);
    let written = table.written;
    for (_, pending) in table.calls.drain() {
        let sent = pending.end <= written;
        let _ = pending.reply.send(Err(Error::lost(sent, why.clone())));
    }
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns why writing ended, or nothing if the connection was dropped.
async fn write(
    mut sink: impl AsyncWrite + Unpin,
    table: &Mutex<Table>,
    jobs: &mut mpsc::Receiver<Job>,
) -> Option<String> {
    let mut out = Vec::new();
    loop {
        let mut next = Some(jobs.recv().await?);
        while let Some(job) = next {
            lock(table).put(job, &mut out);
            next = if out.len() < TOGETHER {
                jobs.try_recv().ok()
            } else {
                None
            };
        }
        let mut rest = out.as_slice();
        while !rest.is_empty() {
            match sink.write(rest).await {
                Ok(0) => return Some("it takes no more bytes".into()),
                Ok(n) => {
                    rest = rest.get(n..).unwrap_or_default();
                    lock(table).written += n as u64;
                }
                Err(error) => return Some(error.to_string()),
            }
        }
        out.clear();
        out.shrink_to(TOGETHER);
    }
}

async fn read(
    mut source: impl AsyncRead + Unpin,
    table: &Mutex<Table>,
    limit: usize,
    activity: &ConnectionActivity,
) -> Option<String> {
    let mut decoder = Decoder::new(limit);
    loop {
        loop {
            match decoder.next() {
                Ok(Some(answer)) => {
                    if let Err(why) = lock(table).deliver(answer, limit) {
                        return Some(why);
                    }
                }
                Ok(None) => break,
                Err(why) => return Some(why),
            }
        }
        match source.read_buf(decoder.buf()).await {
            Ok(0) => return Some("it was closed".into()),
            Ok(_) => activity.record(),
            Err(error) => return Some(error.to_string()),
        }
    }
}

impl Table {
    /// Puts a call into the stream, unless it was cancelled.
    fn put(&mut self, job: Job, out: &mut Vec<u8>) {
        if job.reply.is_closed() || !job.progress.start() {
            return;
        }
        self.sweep();
        let seq = loop {
            self.next = self.next.wrapping_add(1);
            if !self.calls.contains_key(&self.next) {
                break self.next;
            }
        };
        let before = out.len();
        if let Err(error) = net_rpc::encode(frame::PROTO, seq, job.method, &job.body, out) {
            let _ = job.reply.send(Err(Error::invalid(error.to_string())));
            return;
        }
        self.put += (out.len() - before) as u64;
        let pending = Pending {
            method: job.method,
            end: self.put,
            reply: job.reply,
        };
        self.calls.insert(seq, pending);
    }

    /// Removes cancelled calls, so that a peer that never answers does not fill the memory.
    fn sweep(&mut self) {
        if self.calls.len() >= 2 * self.swept.max(WAITING) {
            self.calls.retain(|_, pending| !pending.reply.is_closed());
            self.swept = self.calls.len();
        }
    }

    fn deliver(&mut self, answer: Answer, limit: usize) -> Result<(), String> {
        let Entry::Occupied(entry) = self.calls.entry(answer.seq()) else {
            // The call was cancelled.
            return Ok(());
        };
        let expected = entry.get().method.as_bytes();
        if let Answer::Response { method, .. } | Answer::Failure { method, .. } = &answer
            && method != expected
        {
            return Err(format!(
                "an answer names another method than the call {}",
                answer.seq()
            ));
        }
        let pending = entry.remove();
        let result = match answer {
            Answer::Response { body, .. } => Ok(body),
            Answer::Failure { message, .. } => {
                let text = clip(&String::from_utf8_lossy(&message));
                Err(from_error_text(pending.method, &text))
            }
            Answer::TooLarge { len, .. } => Err(Error::too_large(Some(len as u64), limit)),
        };
        let _ = pending.reply.send(result);
        Ok(())
    }
}
