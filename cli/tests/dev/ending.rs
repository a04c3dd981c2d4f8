//! No process outlives `dev`.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

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

/// Returns the process id of the guard of a program.
fn guard_of(program: &serde_json::Value) -> Pid {
    let status = std::fs::read_to_string(format!("/proc/{program}/status")).unwrap();
    let parent = status
        .lines()
        .find_map(|line| line.strip_prefix("PPid:"))
        .unwrap();
    let command_line = std::fs::read(format!("/proc/{}/cmdline", parent.trim())).unwrap();
    let command_line = String::from_utf8(command_line).unwrap();
    assert!(
        command_line.contains("guard-until-end-of-parent"),
        "{command_line}"
    );
    Pid::from_raw(parent.trim().parse().unwrap()).unwrap()
}

#[test]
fn kills_the_program_of_a_guard_that_is_killed() {
    let project = Project::new("guard-killed");
    project.build();
    let mut session = Session::start(&project, &[]);
    let program = session.wait_for_phase("ready")["program"]["pid"].clone();
    kill_process(guard_of(&program), Signal::KILL).unwrap();
    session.wait_for("new program", || {
        let state = session.get("/api/state");
        (state["phase"] == "ready" && state["program"]["pid"] != program).then_some(())
    });
    let start = format!("{program}: ");
    session.wait_for("end of the old program", || {
        let running = processes(project.folder());
        running.iter().all(|line| !line.starts_with(&start)).then_some(())
    });
    session.signal(Signal::INT);
    session.wait();
    assert_no_process(&project);
}

#[cfg(target_os = "linux")]
#[test]
fn leaves_no_process_when_it_is_killed_together_with_its_guard() {
    let project = Project::new("guard-killed-too");
    project.build();
    let mut session = Session::start(&project, &[]);
    let program = session.wait_for_phase("ready")["program"]["pid"].clone();
    // `dev` cannot notice the end of the guard.
    session.signal(Signal::STOP);
    kill_process(guard_of(&program), Signal::KILL).unwrap();
    session.signal(Signal::KILL);
    session.wait();
    assert_no_process(&project);
}

#[test]
fn leaves_no_process_when_its_guards_get_the_same_signals() {
    let project = Project::new("guard-signals");
    project.build();
    for signal in [Signal::TERM, Signal::KILL] {
        let mut session = Session::start(&project, &[]);
        let program = session.wait_for_phase("ready")["program"]["pid"].clone();
        for of_guard in [Signal::HUP, Signal::INT, Signal::TERM] {
            kill_process(guard_of(&program), of_guard).unwrap();
        }
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
        // SIGINT may be ignored until `dev` handles it, as in the background of a shell.
        session.signal(if delay % 120 == 0 {
            Signal::TERM
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
