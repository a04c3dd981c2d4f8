//! No process outlives `dev`.

use std::time::Duration;

use rustix::process::Signal;

use crate::project::Project;
use crate::session::{Session, assert_no_process, processes};

#[test]
fn leaves_no_process_when_it_is_killed() {
    let project = Project::new("killed-later");
    project.build();
    let mut session = Session::start(&project, &[]);
    session.wait_for_phase("ready");
    let running = processes(project.folder());
    // This program, its guard, and `dev`.
    assert!(running.len() >= 3, "{running:#?}");
    session.signal(Signal::KILL);
    session.wait();
    assert_no_process(&project);
}

#[test]
fn leaves_no_process_when_it_is_killed_while_it_builds() {
    let project = Project::new("killed-early");
    // A build script that would run for a minute.
    project.write(
        "build.rs",
        "fn main() { std::thread::sleep(std::time::Duration::from_secs(60)) }",
    );
    for signal in [Signal::KILL, Signal::INT] {
        let mut session = Session::start(&project, &[]);
        session.wait_for("build script", || {
            let running = processes(project.folder());
            running
                .iter()
                .any(|line| line.contains("build-script-build"))
                .then_some(())
        });
        session.signal(signal);
        session.wait();
        assert_no_process(&project);
    }
}

#[test]
fn ends_at_any_moment() {
    let project = Project::new("any-moment");
    project.build();
    for delay in (0..=900).step_by(60) {
        project.set_version(delay / 60 + 1, delay / 60 + 2);
        let mut session = Session::start(&project, &[]);
        std::thread::sleep(Duration::from_millis(delay.into()));
        session.signal(if delay % 120 == 0 {
            Signal::INT
        } else {
            Signal::KILL
        });
        session.wait();
        assert_no_process(&project);
    }
}

#[test]
fn ends_programs_in_order() {
    let project = Project::new("in-order");
    project.build();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut session = Session::start(&project, &[]);
        session.wait_for_phase("ready");
        session.signal(signal);
        assert!(session.wait().success(), "{}", session.log());
        assert_no_process(&project);
    }
}
