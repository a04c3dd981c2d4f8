//! The thread that reports once per second. It runs no handler, and no event waits for it.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::connection::Connection;
use super::recorder::WorkerRecorder;
use super::reporter::{Reported, Reporter};
use super::stop_request::StopRequest;
use crate::goridge::RpcAddress;

/// The time between two reports.
const INTERVAL: Duration = Duration::from_secs(1);
/// The longest pause after the connection was lost.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// How long the last report may take. It takes a few milliseconds, unless RoadRunner hangs.
const FINISH_LIMIT: Duration = Duration::from_millis(400);
const QUICK_FINISH_LIMIT: Duration = Duration::from_millis(50);

/// The reporter of the process.
static RUNNING: Mutex<Option<Arc<StopRequest>>> = Mutex::new(None);

/// Installs the recorder of the process and starts to report, unless the program has installed a recorder of its own. `address`
/// is the value of `RR_RPC`.
pub(crate) fn start(address: Option<&str>) {
    let Some(address) = address else {
        tracing::info!(target: "centrifugo", "metrics not reported: .rr.yaml has no `rpc` section");
        return;
    };
    let address: RpcAddress = match address.parse() {
        Ok(address) => address,
        Err(error) => {
            tracing::warn!(target: "centrifugo", error, "metrics not reported");
            return;
        }
    };
    let recorder = WorkerRecorder::default();
    if metrics::set_global_recorder(recorder.clone()).is_err() {
        tracing::debug!(target: "centrifugo", "metrics not reported to RoadRunner: the program has a recorder of its own");
        return;
    }
    let stop: Arc<StopRequest> = Arc::default();
    let requested = stop.clone();
    let started = thread::Builder::new()
        .name("centrifugo-metrics".into())
        .stack_size(256 * 1024)
        .spawn(move || {
            run(&address, Reporter::new(recorder), &requested);
            requested.end();
        });
    match started {
        Ok(_) => *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop),
        Err(error) => tracing::warn!(target: "centrifugo", %error, "metrics not reported"),
    }
}

/// Sends the last report, at the end of a shutdown. Further calls do nothing.
pub(crate) fn finish() {
    finish_within(FINISH_LIMIT);
}

/// Sends the last report before the process exits in the middle of an event, whose client waits.
pub(crate) fn finish_quickly() {
    finish_within(QUICK_FINISH_LIMIT);
}

fn finish_within(limit: Duration) {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(stop) = running {
        stop.request(limit);
    }
}

fn run(address: &RpcAddress, mut reporter: Reporter, stop: &StopRequest) {
    let mut connection = None;
    let mut failures = 0;
    // The workers of a pool start together. They declare their metrics one after another if they report at different moments.
    let mut pause = Duration::from_millis(u64::from(std::process::id() % 16) * 60);
    loop {
        let is_final = stop.wait(pause);
        if is_final && failures > 0 {
            return;
        }
        match report(address, &mut connection, &mut reporter, stop, is_final) {
            Ok(Reported::Done) => {
                failures = 0;
                pause = INTERVAL;
            }
            Ok(Reported::NoPlugin) => {
                tracing::info!(target: "centrifugo", "metrics not reported: .rr.yaml has no `metrics` section");
                return;
            }
            Err(error) => {
                connection = None;
                if failures == 0 && !is_final {
                    tracing::warn!(target: "centrifugo", %address, %error, "metrics not reported: no connection to RoadRunner; trying again");
                }
                failures += 1;
                pause = (INTERVAL * 2u32.saturating_pow(failures - 1)).min(MAX_PAUSE);
            }
        }
        if is_final {
            return;
        }
    }
}

fn report(
    address: &RpcAddress,
    connection: &mut Option<Connection>,
    reporter: &mut Reporter,
    stop: &StopRequest,
    is_final: bool,
) -> io::Result<Reported> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(Connection::open(address)?),
    };
    reporter.report(connection, stop, is_final)
}
