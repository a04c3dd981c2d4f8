//! A backend program that is stopped and restarted under load.

mod support;

use std::time::Duration;

use peers::{DirectStack, Transport};
use support::direct;
use support::load::{Load, notes};

async fn stop_and_restart(transport: Transport) {
    let mut pair: DirectStack = direct::backend(env!("CARGO_BIN_EXE_backend"), transport).start();
    let load = Load::start(&pair).await;
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        pair.program.process.terminate();
        let status = pair.program.process.wait_for_exit(Duration::from_secs(8));
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
        pair.program.start_again();
        // gRPC waits 1 s before it reconnects.
        tokio::time::sleep(Duration::from_millis(1200)).await;
    }
    let (answered, failed) = load.stop().await;
    // Calls between the exit and the restart fail, because Centrifugo has no backend.
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
async fn answers_every_started_event_over_grpc() {
    stop_and_restart(Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_every_started_event_over_http() {
    stop_and_restart(Transport::Http).await;
}
