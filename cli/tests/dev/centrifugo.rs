//! How `dev` starts Centrifugo, with a script in its place.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::EventClient;
use crate::project::{Project, write_script};
use crate::session::Session;

const CHAT: &str = r#"
#[centrifugo::subscribe(channel = "chat:{room}")]
fn join(room: String) -> centrifugo::reply::Subscribe {
    let _ = room;
    centrifugo::reply::Subscribe::allow()
}

fn main"#;

/// A script that stands in for Centrifugo. It does not listen.
struct Stand<'a> {
    project: &'a Project,
    script: PathBuf,
}

impl<'a> Stand<'a> {
    /// Writes a script that notes each start, and then runs these commands.
    fn new(project: &'a Project, then: &str) -> Self {
        let script = project.path("centrifugo.sh");
        let starts = project.path("starts");
        write_script(
            &script,
            &format!(
                "test \"$1\" = version && exit\nenv >> {starts}.env\necho \"$2\" >> {starts}\n{then}",
                starts = starts.display()
            ),
        );
        Self { project, script }
    }

    fn start_dev(&self, arguments: &[&str]) -> Session {
        fs::create_dir_all(self.project.path("tmp")).unwrap();
        // A port that no other test has.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        Session::start_with(self.project, "dev", |command| {
            command
                .arg("--centrifugo")
                .arg(&self.script)
                .args(["--centrifugo-port", &port.to_string()])
                .args(arguments)
                .env("TMPDIR", self.project.path("tmp"))
                .env("CENTRIFUGO_HTTP_SERVER_ADDRESS", "0.0.0.0")
                .env("CENTRIFUGO_CLIENT_INSECURE", "true");
        })
    }

    /// The configuration file of each start.
    fn starts(&self) -> Vec<String> {
        let text = fs::read_to_string(self.project.path("starts")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn wait_for_starts(&self, session: &Session, count: usize) {
        session.wait_for("start of Centrifugo", || {
            (self.starts().len() >= count).then_some(())
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_the_generated_configuration_without_variables_of_the_shell() {
    let project = Project::new("shell-variables");
    let real = project.build();
    let centrifugo = Stand::new(&project, "exec sleep 4242");
    let session = centrifugo.start_dev(&["--executable", real.to_str().unwrap()]);
    centrifugo.wait_for_starts(&session, 1);
    let variables = fs::read_to_string(project.path("starts.env")).unwrap();
    assert!(
        variables.contains("PATH=") && !variables.contains("CENTRIFUGO_"),
        "{variables}"
    );
    // The check looks at the same variables.
    let findings = session.get("/api/check").to_string();
    assert!(!findings.contains("insecure"), "{findings}");
    // A program that ends is started again although `dev` still waits for Centrifugo.
    let client = EventClient::connect(session.proxy()).await;
    let started = Instant::now();
    assert_eq!(client.rpc("exit").await, Err("14".to_owned()));
    while client.rpc("version").await.as_deref() != Ok("1") {
        assert!(started.elapsed() < Duration::from_secs(10), "{}", session.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!session.log().contains("does not listen"), "{}", session.log());
    session.wait_for_log("waiting until Centrifugo listens");
    drop(session);

    // A configuration file of the user is used with them.
    project.write("own.json", "{}");
    let session = centrifugo.start_dev(&["--executable", real.to_str().unwrap(), "--config", "own.json"]);
    centrifugo.wait_for_starts(&session, 2);
    let variables = fs::read_to_string(project.path("starts.env")).unwrap();
    assert!(
        variables.contains("CENTRIFUGO_CLIENT_INSECURE=true"),
        "{variables}"
    );
    assert!(
        variables.contains("CENTRIFUGO_HTTP_SERVER_ADDRESS=127.0.0.1"),
        "{variables}"
    );
    let findings = session.get("/api/check").to_string();
    assert!(findings.contains("insecure"), "{findings}");
}

#[test]
fn shows_the_findings_of_a_changed_configuration_file() {
    let project = Project::new("own-configuration");
    let real = project.build();
    project.write(
        "own.json",
        r#"{ "clinet": {}, "client": { "token": { "hmac_secret_key": "hidden" } } }"#,
    );
    let centrifugo = Stand::new(&project, "exec sleep 4242");
    let session = centrifugo.start_dev(&["--executable", real.to_str().unwrap(), "--config", "own.json"]);
    centrifugo.wait_for_starts(&session, 1);
    let variables = fs::read_to_string(project.path("starts.env")).unwrap();
    let port = variables
        .lines()
        .find_map(|line| line.strip_prefix("CENTRIFUGO_HTTP_SERVER_PORT="))
        .unwrap();
    let port: u16 = port.parse().unwrap();
    let _listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    session.wait_for_log("Centrifugo is ready");
    session.wait_for_log("configuration: clinet");
    let number = session.get("/api/state")["centrifugo"]["configuration"].clone();
    let shown = session.get("/api/configuration");
    let text = shown["text"].as_str().unwrap();
    assert!(text.contains("[removed]") && !text.contains("hidden"), "{text}");
    assert_eq!(
        (
            &shown["variables"]["CENTRIFUGO_HTTP_SERVER_PORT"],
            &shown["variables"]["CENTRIFUGO_CLIENT_INSECURE"]
        ),
        (&port.to_string().into(), &"true".into()),
        "{shown}"
    );

    project.write("own.json", r#"{ "chanel": {} }"#);
    session.wait_for_log("configuration: chanel");
    let state = session.get("/api/state");
    assert_ne!(state["centrifugo"]["configuration"], number, "{state}");
    assert_eq!(state["centrifugo"]["running"], true, "{state}");
    let findings = session.get("/api/check").to_string();
    assert!(
        findings.contains("chanel") && !findings.contains("clinet"),
        "{findings}"
    );
    let shown = session.get("/api/configuration").to_string();
    assert!(shown.contains("chanel") && !shown.contains("clinet"), "{shown}");
    assert_eq!(centrifugo.starts().len(), 2, "{}", session.log());
}

#[test]
fn starts_centrifugo_again_with_every_change() {
    let project = Project::new("centrifugo-ends");
    project.build();
    let centrifugo = Stand::new(&project, "exit 3");
    let session = centrifugo.start_dev(&[]);
    centrifugo.wait_for_starts(&session, 1);
    session.wait_for_log("exit code 3");
    // The executable stays the same.
    project.write("src/unused.rs", "");
    session.wait_for_log("the program is the same as before");
    centrifugo.wait_for_starts(&session, 2);
    project.edit("fn main", "fn broken(");
    session.wait_for_phase("failed");
    centrifugo.wait_for_starts(&session, 3);
}

#[test]
fn goes_on_with_a_configuration_that_could_not_be_written() {
    let project = Project::new("reload");
    project.edit("\nfn main", CHAT);
    let executable = project.path("program");
    let copy = |real: PathBuf| {
        let new = project.path("program.new");
        fs::copy(real, &new).unwrap();
        fs::rename(new, &executable).unwrap();
    };
    copy(project.build());
    // SIGHUP has the real Centrifugo read its configuration.
    let centrifugo = Stand::new(&project, "trap '' HUP\nexec sleep 4242");
    let session = centrifugo.start_dev(&["--executable", executable.to_str().unwrap()]);
    centrifugo.wait_for_starts(&session, 1);
    let file = PathBuf::from(&centrifugo.starts()[0]);
    let configuration: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let port: u16 = configuration["http_server"]["port"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let _listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    session.wait_for_log("Centrifugo is ready");

    // The name of the new file is taken by a folder.
    let obstacle = file.with_file_name("centrifugo.json.new");
    fs::create_dir(&obstacle).unwrap();
    project.edit(
        "\nfn main",
        &CHAT.replace("chat", "news").replace("join", "follow"),
    );
    copy(project.build());
    session.wait_for_log("Centrifugo's configuration cannot be written");
    fs::remove_dir(&obstacle).unwrap();
    project.edit("\nfn main", &CHAT.replace("chat", "talk").replace("join", "talk"));
    copy(project.build());
    session.wait_for_log("Centrifugo is told to read them");
    let configuration = fs::read_to_string(&file).unwrap();
    assert!(
        configuration.contains("news") && configuration.contains("talk"),
        "{configuration}"
    );
    assert_eq!(centrifugo.starts().len(), 1, "{}", session.log());
    assert_eq!(session.get("/api/state")["centrifugo"]["running"], true);
}
