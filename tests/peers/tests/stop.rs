//! A program that is told to stop under load.

mod support;

use std::time::Duration;

use peers::{Pair, Transport};
use support::direct;
use support::load::{Load, notes};

async fn stopped_and_back(transport: Transport) {
    let mut pair: Pair = direct::backend(env!("CARGO_BIN_EXE_backend"), transport).start();
    let load = Load::start(&pair).await;
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        pair.program.process.terminate();
        let status = pair.program.process.wait(Duration::from_secs(8));
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
        pair.program.start_again();
        // gRPC waits a second before it connects again.
        tokio::time::sleep(Duration::from_millis(1200)).await;
    }
    let (answered, failed) = load.stop().await;
    // Those that came between the end and the next start: Centrifugo had nobody to ask.
    assert!(
        failed.iter().all(|error| error.starts_with("error 100 ")),
        "{failed:?}"
    );
    assert!(answered.len() > 100, "{}", answered.len());
    let (begun, ended, shutdowns) = notes(&pair);
    assert_eq!(begun, ended);
    assert_eq!(ended, answered);
    assert_eq!(shutdowns, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_grpc_it_answers_each_event_that_it_took() {
    stopped_and_back(Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_it_answers_each_event_that_it_took() {
    stopped_and_back(Transport::Http).await;
}
