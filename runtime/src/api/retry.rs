//! Attempts of a call, until it has an answer, its time is over, or another attempt would be wrong.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::error::{Delivery, Error, ErrorKind};
use super::in_flight_limit::{CALLS, InFlightLimit, InFlightPermit};
use super::methods::Names;
use super::reconnect_backoff::{BackoffRound, ReconnectBackoff, delay};
use super::transport::{Attempt, AttemptProgress, Encoding, Transport};

/// How long a connection may be silent after a repeatable call left, before the call is sent again on another one: half of
/// the call's limit, within these bounds. An attempt that is given up too early would burden a peer that is only slow.
const PATIENCE: RangeInclusive<Duration> = Duration::from_millis(500)..=Duration::from_secs(5);

/// A call that its caller dropped says that its connection is silent only if it left this long ago.
const DROPPED_PATIENCE: Duration = Duration::from_secs(1);

/// A call's request, encoded.
pub(super) struct EncodedRequest {
    pub(super) names: &'static Names,
    pub(super) body: Bytes,
    /// Whether it does no harm to carry the call out twice.
    pub(super) is_repeatable: bool,
    /// In place of the client's limit.
    pub(super) timeout: Option<Duration>,
}

/// Centrifugo's answer, decoded.
pub(super) struct DecodedAnswer<T> {
    pub(super) result: Result<T, Error>,
    /// Whether the answer, or a part of it, is an error that another attempt may not have.
    pub(super) is_temporary: bool,
}

/// How an attempt ended.
enum AttemptOutcome {
    Answer(Bytes),
    Failed(Error),
    /// The call's time is over.
    TimedOut {
        is_sent: bool,
    },
}

/// The time that a call has.
#[derive(Clone, Copy)]
struct TimeLimit {
    length: Duration,
    end: Instant,
}

/// A transport with retries, and with the limits that all calls of a client permit.
pub(super) struct RetryingTransport {
    transport: Box<dyn Transport>,
    timeout: Duration,
    backoff: ReconnectBackoff,
    in_flight: InFlightLimit,
}

impl RetryingTransport {
    pub(super) fn new(transport: Box<dyn Transport>, timeout: Duration) -> Self {
        Self {
            transport,
            timeout,
            backoff: ReconnectBackoff::default(),
            in_flight: InFlightLimit::default(),
        }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.transport.encoding()
    }

    /// Sends a call until it has an answer, its time is over, or another attempt would be wrong.
    pub(super) async fn send<T>(
        &self,
        request: EncodedRequest,
        read: impl Fn(Bytes) -> DecodedAnswer<T>,
    ) -> Result<T, Error> {
        let limit = TimeLimit::new(request.timeout.unwrap_or(self.timeout));
        // Whether an earlier attempt may have been carried out.
        let mut is_unknown = false;
        let mut refusals = 0;
        let mut last = None;
        let result = loop {
            let (round, permit) = match self.turn(request.body.len(), limit).await {
                Ok(turn) => turn,
                // What an earlier attempt ended with says more.
                Err(error) => break last.unwrap_or(Err(error)),
            };
            let result = match self.attempt(&request, round, permit, limit).await {
                AttemptOutcome::Answer(bytes) => {
                    self.backoff.record_answer();
                    let answer = read(bytes);
                    if !(answer.is_temporary && request.is_repeatable) {
                        break answer.result;
                    }
                    answer.result
                }
                AttemptOutcome::Failed(error) => {
                    self.record_failure(round, &error);
                    if !error.is_worth_another(request.is_repeatable) {
                        break Err(error);
                    }
                    Err(error)
                }
                AttemptOutcome::TimedOut { is_sent: false } => {
                    break last.unwrap_or_else(|| Err(limit.is_over(false)));
                }
                AttemptOutcome::TimedOut { is_sent: true } => break Err(limit.is_over(true)),
            };
            is_unknown |= result
                .as_ref()
                .err()
                .is_none_or(|error| error.delivery() == Delivery::Unknown);
            // After a refusal this call alone waits; failures of the connection delay all calls.
            let is_refused = !result.as_ref().is_err_and(is_of_connection);
            last = Some(result);
            if is_refused {
                let delay = delay(refusals);
                refusals += 1;
                if Instant::now() + delay >= limit.end {
                    break last.unwrap_or_else(|| Err(limit.is_over(true)));
                }
                sleep(delay).await;
            }
        };
        result.map_err(|error| {
            let error = if is_unknown { error.after_unknown() } else { error };
            error
                .with_method(request.names.name)
                .with_transport(&self.transport)
        })
    }

    /// Waits until an attempt may start.
    async fn turn(&self, len: usize, limit: TimeLimit) -> Result<(BackoffRound, InFlightPermit), Error> {
        let Ok(permit) = timeout_at(limit.end, self.in_flight.acquire(len)).await else {
            let length = limit.length;
            return Err(Error::timed_out(
                false,
                format!("no turn within {length:?}: up to {CALLS} calls are under way at once"),
            ));
        };
        match timeout_at(limit.end, self.backoff.wait()).await {
            Ok(round) => Ok((round, permit)),
            Err(_) => Err(Error::not_connected(format!(
                "no attempt within {:?}, after an earlier call failed: {}",
                limit.length,
                self.backoff.cause()
            ))),
        }
    }

    async fn attempt(
        &self,
        request: &EncodedRequest,
        round: BackoffRound,
        permit: InFlightPermit,
        limit: TimeLimit,
    ) -> AttemptOutcome {
        let progress = AttemptProgress::default();
        let _dropped = ReportOnDrop(&progress);
        let attempt = Attempt {
            names: request.names,
            body: request.body.clone(),
            progress: progress.clone(),
            permit,
        };
        let patience = (limit.length / 2).clamp(*PATIENCE.start(), *PATIENCE.end());
        let silence = async {
            if request.is_repeatable {
                progress.silence(patience).await;
            } else {
                std::future::pending().await
            }
        };
        tokio::select! {
            biased;
            answer = self.transport.carry(attempt) => match answer {
                Ok(bytes) => AttemptOutcome::Answer(bytes),
                Err(error) => AttemptOutcome::Failed(error),
            },
            () = silence => AttemptOutcome::Failed(Error::lost(
                true,
                format!("{:?} sent nothing for {patience:?}", self.transport),
            )),
            () = sleep_until(limit.end) => {
                let is_sent = !progress.give_up();
                if progress.report_silence(Duration::ZERO) {
                    self.record_failure(round, &limit.is_over(true));
                }
                AttemptOutcome::TimedOut { is_sent }
            }
        }
    }

    fn record_failure(&self, round: BackoffRound, error: &Error) {
        if !is_of_connection(error) {
            self.backoff.record_answer();
            return;
        }
        let Some(failure) = self.backoff.record_failure(round, error.message()) else {
            return;
        };
        let (transport, error, delay) = (&self.transport, error.message(), failure.delay);
        if failure.is_first {
            tracing::warn!(target: "centrifugo", ?transport, error, ?delay, "connection to the server API failed");
        } else {
            tracing::debug!(target: "centrifugo", ?transport, error, ?delay, "connection to the server API failed again");
        }
    }
}

impl fmt::Debug for RetryingTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.transport.fmt(f)
    }
}

/// Whether other calls would fail as this one did.
fn is_of_connection(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotConnected | ErrorKind::Lost | ErrorKind::TimedOut
    )
}

/// Reports a silent connection when the caller drops the call before its limit.
struct ReportOnDrop<'a>(&'a AttemptProgress);

impl Drop for ReportOnDrop<'_> {
    fn drop(&mut self) {
        self.0.report_silence(DROPPED_PATIENCE);
    }
}

impl TimeLimit {
    /// A limit past all clocks is none.
    fn new(length: Duration) -> Self {
        const YEARS: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
        Self {
            length,
            end: Instant::now() + length.min(YEARS),
        }
    }

    fn is_over(self, is_sent: bool) -> Error {
        Error::timed_out(is_sent, format!("no answer within {:?}", self.length))
    }
}
