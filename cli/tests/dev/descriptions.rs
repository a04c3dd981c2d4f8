//! Programs that do not end after their description, or have none.

use std::time::{Duration, Instant};

use crate::project::{Project, write_script};
use crate::session::{Session, assert_no_process, processes};

/// The time limit of a description, and some time for a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn ends_programs_that_do_not_end_after_their_description() {
    let project = Project::new("descriptions");
    let real = project.build();
    let real = real.display();
    let cases = [
        // No description, and a child that holds the output open.
        (
            "silent",
            "sleep 4242 & exec sleep 4242".to_owned(),
            "did not print its description within 30 s",
        ),
        // A description, the end of the output, and no end of the program.
        (
            "closed",
            format!("{real}; exec >&-; sleep 4242 & exec sleep 4242"),
            "printed its description, but did not end within 30 s",
        ),
        // Output without an end.
        ("endless", "yes & exec yes".to_owned(), "printed more than 64 MiB"),
    ];
    let mut sessions = cases.map(|(name, script, problem)| {
        let path = project.path(&format!("{name}.sh"));
        write_script(&path, &script);
        let session = Session::start_named(&project, name, &["--executable", path.to_str().unwrap()]);
        (session, problem)
    });
    let end = Instant::now() + LIMIT;
    for (session, problem) in &sessions {
        let state = session.wait_for_phase("failed");
        assert!(Instant::now() < end, "{}", session.log());
        let message = state["problems"][0]["message"].as_str().unwrap();
        assert!(message.contains(problem), "{message}");
        // The last one ends sooner.
        if message.contains("within 30 s") {
            let log = session.log();
            assert!(
                log.contains("waiting for the description of the program"),
                "{log}"
            );
        }
    }
    let left = || {
        let mut running = processes(project.folder());
        running.retain(|line| line.contains("sleep 4242") || line.contains(": yes"));
        running
    };
    let end = Instant::now() + Duration::from_secs(3);
    while !left().is_empty() {
        assert!(Instant::now() < end, "processes are left: {:#?}", left());
        std::thread::sleep(Duration::from_millis(20));
    }
    for (session, _) in &mut sessions {
        session.signal(rustix::process::Signal::INT);
        session.wait();
    }
    assert_no_process(&project);
}
