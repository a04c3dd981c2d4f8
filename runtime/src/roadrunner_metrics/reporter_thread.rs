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
/// How many values a worker reports per second, in the long run. Each is a call that takes RoadRunner 25 µs of CPU time. Programs
/// with more time series report them less often.
const MAX_CHANGES_PER_SECOND: u32 = 1000;
/// The longest pause after the connection was lost.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// How long opening a connection may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);
/// How long opening a connection for the last report may take. RoadRunner usually runs on the same machine.
const FINAL_CONNECT_LIMIT: Duration = Duration::from_millis(50);

/// How long the last report may take. It takes a few milliseconds, unless RoadRunner hangs.
const FINISH_LIMIT: Duration = Duration::from_millis(400);
const QUICK_FINISH_LIMIT: Duration = Duration::from_millis(50);

/// The reporter of the process.
static RUNNING: Mutex<Option<Arc<StopRequest>>> = Mutex::new(None);

/// Installs the recorder of the process and starts to report, unless the program has installed a recorder of its own. `address`
/// is the value of `RR_RPC`.
pub(crate) fn start(address: Option<&str>) {
    let Some(address) = address else {
        tracing::info!(target: "centrifugo", "metrics not reported: RR_RPC is not set; add an `rpc` section to .rr.yaml");
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
        if is_final && stop.is_overdue() {
            return;
        }
        let was_connected = connection.is_some();
        match report(address, &mut connection, &mut reporter, stop, is_final) {
            Ok(Reported::Done { .. }) if is_final => return,
            Ok(Reported::Done { changes }) => {
                failures = 0;
                pause = pause_after(changes);
            }
            Ok(Reported::NoPlugin) => {
                tracing::info!(target: "centrifugo", "metrics not reported: .rr.yaml has no `metrics` section");
                return;
            }
            Err(error) => {
                connection = None;
                // A final report over a new connection replaces one whose connection was lost earlier.
                if is_final && !was_connected {
                    return;
                }
                if failures == 0 && !is_final {
                    tracing::warn!(target: "centrifugo", %address, %error, "metrics not reported: no connection to RoadRunner; trying again");
                }
                failures += 1;
                pause = (INTERVAL * 2u32.saturating_pow(failures - 1)).min(MAX_PAUSE);
            }
        }
    }
}

/// Returns the time from a report of this many values to the next one.
fn pause_after(changes: usize) -> Duration {
    let changes = u32::try_from(changes).unwrap_or(u32::MAX);
    INTERVAL.max(Duration::from_secs(1) * changes / MAX_CHANGES_PER_SECOND)
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
        None => {
            let limit = if is_final {
                FINAL_CONNECT_LIMIT
            } else {
                CONNECT_LIMIT
            };
            connection.insert(Connection::open(address, limit)?)
        }
    };
    reporter.report(connection, stop, is_final)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use metrics::{Key, Label, Level, Metadata, Recorder as _};

    use super::super::fake_plugin::{Behavior, FakePlugin};
    use super::*;

    const METADATA: Metadata<'static> = Metadata::new("tests", Level::INFO, None);

    /// A worker's metrics and its thread.
    struct Worker {
        recorder: WorkerRecorder,
        stop: Arc<StopRequest>,
        thread: thread::JoinHandle<()>,
    }

    impl Worker {
        fn start(plugin: &FakePlugin) -> Self {
            let (recorder, stop): (WorkerRecorder, Arc<StopRequest>) = Default::default();
            let (reporter, requested) = (Reporter::new(recorder.clone()), stop.clone());
            let address = plugin.address().parse().unwrap();
            let thread = thread::spawn(move || {
                run(&address, reporter, &requested);
                requested.end();
            });
            Self {
                recorder,
                stop,
                thread,
            }
        }

        fn count(&self, name: &'static str, value: u64) {
            self.recorder
                .register_counter(&Key::from_name(name), &METADATA)
                .increment(value);
        }

        /// Ends within the limit, or shortly after it.
        fn end(self) {
            let started = Instant::now();
            self.stop.request(Duration::from_millis(300));
            self.thread.join().unwrap();
            assert!(started.elapsed() < Duration::from_secs(2));
        }
    }

    #[test]
    fn adds_up_the_values_of_workers_without_a_line_in_the_log() {
        let plugin = FakePlugin::start(Behavior::Answers);
        for total in [3.0, 6.0] {
            let worker = Worker::start(&plugin);
            worker.count("centrifugo_backend_orders_total", 3);
            worker.count("hits", 1);
            let gauge = Key::from_parts(
                "centrifugo_backend_carts",
                vec![Label::new("b", "2"), Label::new("a", "1\n\"")],
            );
            let gauge = worker.recorder.register_gauge(&gauge, &METADATA);
            gauge.increment(5.0);
            let histogram = worker
                .recorder
                .register_histogram(&Key::from_name("centrifugo_backend_pay_seconds"), &METADATA);
            histogram.record(0.3);
            plugin.wait_for("centrifugo_backend_orders_total", total);
            plugin.wait_for("centrifugo_backend_carts 1\n\" 2", 5.0);
            worker.end();
            assert_eq!(plugin.value("centrifugo_backend_carts 1\n\" 2"), Some(0.0));
            assert_eq!(
                plugin.value("centrifugo_backend_pay_seconds_count"),
                Some(total / 3.0)
            );
            assert_eq!(
                plugin.value("centrifugo_backend_pay_seconds_bucket 0.5"),
                Some(total / 3.0)
            );
            assert_eq!(
                plugin.value("centrifugo_backend_pay_seconds_bucket 0.25"),
                Some(0.0)
            );
        }
        // The program's own metrics have no probe.
        assert_eq!(plugin.log(), ["metric with provided name already exist: hits"]);
    }

    #[test]
    fn repeats_the_calls_without_an_answer_over_another_connection() {
        let plugin = FakePlugin::start(Behavior::ClosesAfter(3));
        let worker = Worker::start(&plugin);
        worker.count("shop_orders_total", 3);
        worker.count("shop_returns_total", 2);
        plugin.wait_for("shop_orders_total", 3.0);
        plugin.wait_for("shop_returns_total", 2.0);
        worker.end();
        assert_eq!(plugin.connections(), 2);
        assert_eq!(plugin.value("shop_orders_total"), Some(3.0));
        assert_eq!(plugin.value("shop_returns_total"), Some(2.0));
    }

    #[test]
    fn sends_the_last_report_over_a_new_connection_after_a_failure() {
        let plugin = FakePlugin::start(Behavior::ClosesAfter(0));
        let worker = Worker::start(&plugin);
        worker.count("shop_orders_total", 3);
        plugin.wait_for_connection();
        worker.end();
        assert_eq!(plugin.value("shop_orders_total"), Some(3.0));
    }

    #[test]
    fn ends_in_time_if_roadrunner_hangs() {
        let plugin = FakePlugin::start(Behavior::Hangs);
        let worker = Worker::start(&plugin);
        worker.count("shop_orders_total", 3);
        plugin.wait_for_connection();
        worker.end();
        assert_eq!(plugin.connections(), 1);
    }

    #[test]
    fn ends_if_roadrunner_has_no_plugin() {
        let plugin = FakePlugin::start(Behavior::HasNoPlugin);
        let worker = Worker::start(&plugin);
        worker.count("shop_orders_total", 3);
        worker.thread.join().unwrap();
        assert_eq!(plugin.connections(), 1);
    }

    #[test]
    fn reports_the_other_metrics_if_one_is_refused() {
        let plugin = FakePlugin::start(Behavior::Answers);
        let worker = Worker::start(&plugin);
        worker.count("refused_total", 1);
        worker.count("shop_orders_total", 3);
        let other_labels = Key::from_parts("shop_orders_total", vec![Label::new("a", "1")]);
        let other = worker.recorder.register_counter(&other_labels, &METADATA);
        other.increment(1);
        plugin.wait_for("shop_orders_total", 3.0);
        worker.end();
        assert_eq!(plugin.value("refused_total"), None);
        assert_eq!(plugin.value("shop_orders_total 1"), None);
    }

    #[test]
    fn reports_many_values_less_often() {
        assert_eq!(pause_after(0), INTERVAL);
        assert_eq!(pause_after(1000), INTERVAL);
        assert_eq!(pause_after(20_000), INTERVAL * 20);
    }
}
