//! Programs that end by themselves while `dev` is busy.

use std::time::{Duration, Instant};

use crate::client::EventClient;
use crate::project::Project;
use crate::session::Session;

/// How long the build script of the test runs.
const BUILD_SECONDS: u64 = 30;

#[tokio::test(flavor = "multi_thread")]
async fn starts_a_program_again_that_ends_during_a_build() {
    let project = Project::new("crash-in-build");
    project.build();
    let session = Session::start(&project, &[]);
    session.wait_for_phase("ready");
    let client = EventClient::connect(session.proxy()).await;
    project.write(
        "build.rs",
        &format!("fn main() {{ std::thread::sleep(std::time::Duration::from_secs({BUILD_SECONDS})) }}"),
    );
    project.set_version(1, 2);
    session.wait_for_phase("building");
    // The build script runs.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let started = Instant::now();
    assert_eq!(client.rpc("exit").await, Err("14".to_owned()));
    while client.rpc("version").await.as_deref() != Ok("1") {
        let elapsed = started.elapsed();
        assert!(elapsed < Duration::from_secs(10), "{}", session.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!("the old program answered again after {:?}", started.elapsed());
    let state = session.get("/api/state");
    assert_eq!(state["phase"], "building", "{state}");
    assert!(state["program"]["pid"].is_number(), "{state}");
    let end = Instant::now() + Duration::from_secs(300);
    while client.rpc("version").await.as_deref() != Ok("2") {
        assert!(Instant::now() < end, "{}", session.log());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
