//! Repeats the attempts of a call.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::call_record::CallRecord;
use super::call_target::CallTarget;
use super::error::{Delivery, Error, ErrorKind};
use super::in_flight_limit::{CALLS, InFlightLimit, InFlightPermit};
use super::methods::Names;
use super::reconnect_backoff::{BackoffRound, ReconnectBackoff, delay};
use super::transport::{Attempt, AttemptProgress, Encoding, Transport};
use crate::metrics::api_reconnect;
use crate::otel::TraceHeaders;
use crate::time::EventDeadline;

/// The bounds of half a call's time limit, after which a repeatable call on a silent connection is sent again on another one.
///
/// An earlier second attempt would burden a peer that is only slow.
const PATIENCE: RangeInclusive<Duration> = Duration::from_millis(500)..=Duration::from_secs(5);

/// A call that was dropped, or cut short by its event, reports its connection as silent only if it was sent at least this
/// long ago.
const DROPPED_PATIENCE: Duration = Duration::from_secs(1);

/// A call's request, encoded.
pub(super) struct EncodedRequest {
    pub(super) names: &'static Names,
    /// What the call is about, for its span.
    pub(super) target: CallTarget,
    pub(super) body: Bytes,
    /// Whether the call may be carried out twice.
    pub(super) is_repeatable: bool,
    /// The time limit, instead of the client's.
    pub(super) timeout: Option<Duration>,
}

/// Centrifugo's answer, decoded.
pub(super) struct DecodedAnswer<T> {
    pub(super) result: Result<T, Error>,
    /// Whether the answer, or a part of it, is a temporary error.
    pub(super) is_temporary: bool,
}

/// How an attempt ended.
enum AttemptOutcome {
    Answer(Bytes),
    Failed(Error),
    /// The time limit is over.
    TimedOut {
        is_sent: bool,
    },
}

/// The time limit of a call.
#[derive(Clone, Copy)]
struct TimeLimit {
    length: Duration,
    end: Instant,
    /// Whether the event whose handler makes the call ends before the time limit of the call.
    is_of_event: bool,
}

/// A transport with retries and with the limits that all calls of a client share.
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

    /// Sends a call until it has an answer, its time limit is over, or it must not be repeated.
    pub(super) async fn send<T>(
        &self,
        request: EncodedRequest,
        read: impl Fn(Bytes) -> DecodedAnswer<T>,
    ) -> Result<T, Error> {
        let record = CallRecord::begin(request.names.name, &request.target, self.transport.name());
        let mut attempts = 0;
        record
            .run(async {
                let result = self.send_attempts(request, read, &mut attempts).await;
                (result, attempts)
            })
            .await
    }

    async fn send_attempts<T>(
        &self,
        request: EncodedRequest,
        read: impl Fn(Bytes) -> DecodedAnswer<T>,
        attempts: &mut u32,
    ) -> Result<T, Error> {
        let limit = TimeLimit::new(request.timeout.unwrap_or(self.timeout));
        // Whether an earlier attempt may have been carried out.
        let mut is_unknown = false;
        let mut refusals = 0;
        let mut last = None;
        let result = loop {
            let (round, permit) = match self.turn(request.body.len(), limit).await {
                Ok(turn) => turn,
                // The error of an earlier attempt is more specific.
                Err(error) => break last.unwrap_or(Err(error)),
            };
            *attempts += 1;
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
            // A refusal delays this call only. A failed connection delays all calls.
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
            return Err(Error::timed_out(
                false,
                format!("not sent within {limit}: {CALLS} calls are in flight"),
            ));
        };
        match timeout_at(limit.end, self.backoff.wait()).await {
            Ok(round) => Ok((round, permit)),
            Err(_) => Err(Error::not_connected(format!(
                "no attempt within {limit}, after an earlier call failed: {}",
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
            trace: TraceHeaders::current(),
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
                // A call that was cut short says nothing about the connection.
                let patience = if limit.is_of_event { DROPPED_PATIENCE } else { Duration::ZERO };
                if progress.report_silence(patience) {
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
        api_reconnect(self.transport.name());
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

/// Returns whether other calls would fail for the same reason.
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
    /// Creates a limit of this length that ends before the deadline of the event, if a handler makes the call. Otherwise the
    /// handler would be dropped before it gets the error.
    fn new(length: Duration) -> Self {
        /// A longer limit would overflow the clock.
        const THIRTY_YEARS: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
        /// The handler has a tenth of the remaining time for its reply, and at most this long.
        const MAX_REST: Duration = Duration::from_millis(100);
        let length = length.min(THIRTY_YEARS);
        let of_event = EventDeadline::current().map(|deadline| {
            let remaining = deadline.remaining();
            remaining - MAX_REST.min(remaining / 10)
        });
        let is_of_event = of_event.is_some_and(|of_event| of_event < length);
        let length = of_event.unwrap_or(length).min(length);
        Self {
            length,
            end: Instant::now() + length,
            is_of_event,
        }
    }

    fn is_over(self, is_sent: bool) -> Error {
        Error::timed_out(is_sent, format!("no answer within {self}"))
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_of_event {
            return write!(f, "{:?}", self.length);
        }
        // Whole milliseconds, since the time until a deadline has nine digits.
        write!(
            f,
            "{} ms, when the time limit of the event is nearly over",
            self.length.as_millis()
        )
    }
}
