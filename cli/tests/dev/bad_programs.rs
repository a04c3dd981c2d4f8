//! Programs that do not do what `dev` expects.

use std::time::{Duration, Instant};

use crate::client::EventClient;
use crate::project::{Project, write_script};
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn says_why_a_program_does_not_run() {
    let project = Project::new("bad");
    let real = project.build();
    let real = real.to_str().unwrap();
    let script = project.path("program.sh");
    write_script(&script, "echo hello");
    let session = Session::start(&project, &["--executable", script.to_str().unwrap()]);
    let problem = |part: &str| {
        session.wait_for(part, || {
            let state = session.get("/api/state");
            (state["phase"] == "failed" && state["problems"].to_string().contains(part)).then_some(())
        });
    };
    problem("printed no JSON");
    write_script(
        &script,
        &format!("test -n \"$WORKER_DESCRIBE\" && exec {real}\necho 'Error: no database' >&2\nexit 3"),
    );
    problem("Error: no database");
    problem("exit code 3");
    // The address of the code would not let two programs run side by side.
    write_script(&script, &format!("export WORKER_LISTEN=127.0.0.1:9\nexec {real}"));
    problem("Server::listen");
    // Megabytes without an end of the line, and many lines, do not hold up the program.
    write_script(
        &script,
        &format!(
            "test -z \"$WORKER_DESCRIBE\" && head -c 30000000 /dev/zero | tr '\\0' x >&2 && yes a line | head -n 300000\nexec {real}"
        ),
    );
    session.wait_for_phase("ready");
    let client = EventClient::connect(session.proxy()).await;
    assert_eq!(client.rpc("version").await.as_deref(), Ok("1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn starts_a_program_again_that_ends_by_itself_but_not_for_ever() {
    let project = Project::new("crash");
    let real = project.build();
    let session = Session::start(&project, &["--executable", real.to_str().unwrap()]);
    session.wait_for_phase("ready");
    let client = EventClient::connect(session.proxy()).await;
    for _ in 0..5 {
        let pid = session.wait_for_phase("ready")["program"]["pid"].clone();
        // The event that ends the program has no answer.
        assert_eq!(client.rpc("exit").await, Err("14".to_owned()));
        session.wait_for("new program", || {
            let state = session.get("/api/state");
            (state["phase"] == "ready" && state["program"]["pid"] != pid).then_some(())
        });
        assert_eq!(client.rpc("version").await.as_deref(), Ok("1"));
    }
    assert_eq!(client.rpc("exit").await, Err("14".to_owned()));
    session.wait_for_log("it is started again after a change");
    let started = Instant::now();
    assert_eq!(client.rpc("version").await, Err("14".to_owned()));
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn passes_arguments_and_the_environment_on() {
    let project = Project::new("environment");
    let real = project.build();
    project.write(
        ".env",
        "# words\nGREETING='hello you'\nWORKER_METRICS_LISTEN=127.0.0.1:1\n",
    );
    let session = Session::start(
        &project,
        &[
            "--executable",
            real.to_str().unwrap(),
            "--env-file",
            ".env",
            "--",
            "--flag",
            "a b",
        ],
    );
    session.wait_for_phase("ready");
    let client = EventClient::connect(session.proxy()).await;
    let expected = r#"["--flag","a b","hello you"]"#;
    assert_eq!(client.rpc("environment").await.as_deref(), Ok(expected));
    project.write(".env", "GREETING=bye\n");
    let end = Instant::now() + Duration::from_secs(20);
    let expected = r#"["--flag","a b","bye"]"#;
    while client.rpc("environment").await.as_deref() != Ok(expected) {
        assert!(Instant::now() < end, "{}", session.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_on_with_the_old_variables_if_the_file_is_broken() {
    let project = Project::new("broken-variables");
    let real = project.build();
    let real = real.to_str().unwrap();
    let script = project.path("program.sh");
    write_script(&script, &format!("exec {real} one"));
    project.write(".env", "GREETING=hello\n");
    let arguments = ["--executable", script.to_str().unwrap(), "--env-file", ".env"];
    let session = Session::start(&project, &arguments);
    session.wait_for_phase("ready");
    let client = EventClient::connect(session.proxy()).await;
    let wait_for = async |expected: &str| {
        let end = Instant::now() + Duration::from_secs(20);
        while client.rpc("environment").await.as_deref() != Ok(expected) {
            assert!(Instant::now() < end, "no {expected}:\n{}", session.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    wait_for(r#"["one","hello"]"#).await;
    // Both are one change.
    project.write(".env", "GREETING=bye\nnonsense\n");
    write_script(&script, &format!("exec {real} two"));
    wait_for(r#"["two","hello"]"#).await;
    assert!(
        session.log().contains(".env:2 is not NAME=value"),
        "{}",
        session.log()
    );

    // New variables count even if the program that came with them did not start.
    let kept = project.path("kept.sh");
    std::fs::rename(&script, &kept).unwrap();
    project.write(".env", "GREETING=bye\n");
    write_script(&script, "exit 3");
    session.wait_for_phase("failed");
    std::fs::rename(&kept, &script).unwrap();
    wait_for(r#"["two","bye"]"#).await;
}

#[test]
fn refuses_addresses_that_others_can_reach() {
    let project = Project::new("address");
    let mut session = Session::start(&project, &["--listen", "0.0.0.0:10001"]);
    assert_eq!(session.wait().code(), Some(2));
    assert!(
        session.log().contains("not a loopback address"),
        "{}",
        session.log()
    );
}
