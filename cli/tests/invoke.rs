//! `cargo centrifugo invoke` with real programs.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Folder, Printed, cargo_centrifugo, program, run};

fn tour() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| program("tour"))
}

fn every_kind() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| program("every_kind"))
}

/// The tour, which runs until this is dropped.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(environment: &[(&str, &str)]) -> Self {
        let mut child = std::process::Command::new(tour())
            .env("WORKER_LISTEN", "127.0.0.1:0")
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            let rest = line.strip_prefix("centrifugo: gRPC on ")?;
            rest.split([',', ' ']).next().map(str::to_owned)
        });
        let address = address.unwrap();
        // Somebody has to read what the program prints.
        std::thread::spawn(move || lines.count());
        Self { child, address }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn invoke(program: &Path, arguments: &[&str]) -> Printed {
    let mut command = cargo_centrifugo();
    command
        .arg("invoke")
        .args(arguments)
        .arg("--executable")
        .arg(program);
    run(&mut command)
}

/// Invokes with `--format json`. Returns the exit code and the document.
fn invoke_json(program: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let printed = invoke(program, &[arguments, &["--format", "json"]].concat());
    let document =
        serde_json::from_str(&printed.stdout).unwrap_or_else(|error| panic!("{error}: {printed:?}"));
    (printed.code, document)
}

#[test]
fn answers_each_event_of_the_tour() {
    let cases: &[(&[&str], i32, &str, Value)] = &[
        (
            &["connect", "-d", r#"{"token":"t-ann"}"#],
            0,
            "ok",
            json!({ "user": "ann" }),
        ),
        (
            &["connect", "-d", r#"{"token":"x"}"#],
            3,
            "error",
            json!({ "code": 404 }),
        ),
        (&["connect", "-d", "1"], 3, "error", json!({ "code": 107 })),
        (&["refresh", "-u", "bob"], 0, "ok", json!({ "expired": true })),
        (&["refresh", "-u", "eve"], 5, "failed", json!({ "code": 14 })),
        (
            &["subscribe", "news:1"],
            0,
            "ok",
            json!({ "data": "welcome to news:1" }),
        ),
        (
            &["subscribe", "news:1", "-u", "mallory"],
            4,
            "disconnect",
            json!({ "code": 4501 }),
        ),
        (&["sub_refresh", "news:1", "-u", "ann"], 0, "ok", json!({})),
        (
            &["publish", "chat:7", "-u", "ann", "-d", r#"{"text":" hi "}"#],
            0,
            "ok",
            json!({ "data": { "text": "hi" }, "tags": { "room": "7", "by": "ann" } }),
        ),
        (&["rpc", "echo", "-d", "[1.0]"], 0, "ok", json!({ "data": [1.0] })),
        (&["rpc", "square/12"], 0, "ok", json!({ "data": 144 })),
        (
            &["rpc", "tenant", "-H", "X-Tenant=a"],
            0,
            "ok",
            json!({ "data": "a" }),
        ),
        (
            &["rpc", "divide", "-d", "[1,0]"],
            5,
            "failed",
            json!({ "code": 100, "temporary": true }),
        ),
        (&["rpc", "forever"], 7, "timeout", json!({ "code": 100 })),
        (
            &["rpc", "wait", "-d", "60000", "--timeout", "200ms"],
            7,
            "timeout",
            json!({}),
        ),
        (&["rpc", "nowhere"], 6, "refused", json!({ "code": 104 })),
        (
            &["notify_channel_state", "chat:1", "--state", "vacated"],
            0,
            "ok",
            json!({}),
        ),
        (&["notify_cache_empty", "board:1"], 0, "ok", json!({})),
        (
            &["map_publish", "a:1", "--key", "k"],
            6,
            "refused",
            json!({ "code": 103 }),
        ),
    ];
    for (arguments, code, outcome, expected) in cases {
        let (exit, document) = invoke_json(tour(), arguments);
        assert_eq!(
            (exit, &document["outcome"]),
            (Some(*code), &json!(outcome)),
            "{arguments:?}: {document}"
        );
        let answer = document["answer"].as_object().unwrap();
        let (_, content) = answer.iter().next().unwrap();
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&content[name], value, "{arguments:?}: {document}");
        }
        assert!(document["duration_us"].as_u64().unwrap() > 0, "{document}");
    }
}

#[test]
fn prints_the_answer_and_why_for_people() {
    let printed = invoke(tour(), &["rpc", "divide", "-d", "[1,0]"]);
    assert!(
        printed
            .stdout
            .starts_with("failed: error 100: internal server error, temporary ("),
        "{printed:?}"
    );
    assert!(
        printed.stderr.contains("attempt to divide by zero"),
        "{printed:?}"
    );
    let printed = invoke(tour(), &["refresh", "-u", "eve"]);
    assert!(printed.stdout.contains("goes on for 60 s"), "{printed:?}");
    let printed = invoke(
        tour(),
        &["rpc", "echo", "-d", r#"{"b":1152921504606846977123,"a":1.0}"#],
    );
    let (first, rest) = printed.stdout.split_once('\n').unwrap();
    assert!(first.starts_with("ok ("), "{printed:?}");
    assert_eq!(
        rest,
        "{\n  \"data\": {\n    \"b\": 1152921504606846977123,\n    \"a\": 1.0\n  }\n}\n"
    );
    assert_eq!(printed.stderr, "");
}

#[test]
fn every_field_reaches_the_handler() {
    let client = ["--client", "c-7", "--transport", "sse", "--protocol", "protobuf"];
    let user = ["-u", "42", "--meta", r#"{"m":1}"#];
    let data = ["-d", "[1.0]"];
    type Arguments<'a> = &'a [&'a str];
    let cases: &[(Arguments<'_>, &[Arguments<'_>], Arguments<'_>)] = &[
        (&["connect"], &[&client, &data], &["data: b\"[1.0]\""]),
        (
            &["refresh"],
            &[&client, &user],
            &["user: \"42\"", r#"meta: b"{\"m\":1}""#],
        ),
        (
            &["subscribe", "a:1"],
            &[&client, &user, &data, &["--token", "t-1"]],
            &["token: \"t-1\"", "channel: \"a:1\""],
        ),
        (
            &["publish", "a:1"],
            &[&client, &user, &data],
            &["data: b\"[1.0]\""],
        ),
        (&["sub_refresh", "a:1"], &[&client, &user], &["user: \"42\""]),
        (
            &["rpc", "a"],
            &[&client, &user, &data],
            &["method: \"a\"", r#"meta: b"{\"m\":1}""#],
        ),
        (
            &["map_publish", "a:1"],
            &[&client, &user, &data, &["--key", "k"]],
            &["key: \"k\"", "data: b\"[1.0]\""],
        ),
        (
            &["map_remove", "a:1"],
            &[&client, &user, &["--key", "k"]],
            &["key: \"k\""],
        ),
        (
            &["subscribe_stream", "count:0"],
            &[&client, &user, &data],
            &["channel: \"count:0\"", "user: \"42\""],
        ),
    ];
    for (arguments, more, expected) in cases {
        let printed = invoke(every_kind(), &[&arguments[..], &more.concat()].concat());
        assert_eq!(printed.code, Some(0), "{arguments:?}: {printed:?}");
        let common = ["client: \"c-7\"", "transport: \"sse\"", "protocol: \"protobuf\""];
        for part in expected.iter().chain(&common) {
            assert!(printed.stderr.contains(part), "{part}: {printed:?}");
        }
    }
    for (arguments, part) in [
        (
            &["notify_channel_state", "a:1", "--state", "vacated"][..],
            "type: \"vacated\"",
        ),
        (&["notify_cache_empty", "a:1"][..], "channel: \"a:1\""),
        (
            &["shared_poll_refresh", "a:1", "--item", "k=3", "--item", "l"][..],
            "key: \"k\", version: 3",
        ),
    ] {
        let printed = invoke(every_kind(), arguments);
        assert_eq!(printed.code, Some(0), "{printed:?}");
        assert!(printed.stderr.contains(part), "{part}: {printed:?}");
    }
}

#[test]
fn reads_the_event_and_the_data_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("event.json");
    std::fs::write(
        &file,
        r#"{ "kind": "rpc", "method": "echo", "data": { "$bytes": "AP8=" }, "protocol": "protobuf" }"#,
    )
    .unwrap();
    let (_, document) = invoke_json(tour(), &["--from", file.to_str().unwrap()]);
    assert_eq!(document["answer"]["result"]["b64data"], "AP8=", "{document}");
    let data = folder.path().join("data.json");
    std::fs::write(&data, "[1.0]\n").unwrap();
    let argument = format!("@{}", data.display());
    let (_, document) = invoke_json(tour(), &["rpc", "echo", "--data", &argument]);
    assert_eq!(document["answer"]["result"]["data"].to_string(), "[1.0]");

    let mut child = cargo_centrifugo()
        .args([
            "invoke",
            "rpc",
            "echo",
            "--data",
            "-",
            "--format",
            "json",
            "--executable",
        ])
        .arg(tour())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"\"from standard input\"")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("from standard input"),
        "{output:?}"
    );
}

#[test]
fn prints_the_publications_of_a_stream() {
    let printed = invoke(every_kind(), &["subscribe_stream", "count:1000", "--count", "3"]);
    assert!(printed.stdout.ends_with("\n1\n2\n3\n"), "{printed:?}");
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let printed = invoke(every_kind(), &["subscribe_stream", "count:2", "--format", "json"]);
    assert!(
        printed
            .stdout
            .ends_with("{\"data\":2,\"tags\":{\"of\":\"count\"}}\n"),
        "{printed:?}"
    );
    let printed = invoke(
        every_kind(),
        &[
            "subscribe_stream",
            "echo",
            "--publish",
            "[1.0]",
            "--publish",
            "2",
            "--count",
            "2",
        ],
    );
    assert!(printed.stdout.ends_with("\n[1.0]\n2\n"), "{printed:?}");
    let start = Instant::now();
    let printed = invoke(
        every_kind(),
        &["subscribe_stream", "echo", "--two-way", "--for", "300ms"],
    );
    assert!(
        printed.code == Some(0) && start.elapsed() >= Duration::from_millis(300),
        "{printed:?}"
    );
    let printed = invoke(every_kind(), &["subscribe_stream", "broken"]);
    assert_eq!(printed.code, Some(5), "{printed:?}");
    assert!(printed.stderr.contains("the feed"), "{printed:?}");
}

#[test]
fn sends_to_a_program_that_runs_and_requires_a_secret() {
    let program = Running::start(&[("WORKER_SECRET_KEY", "x-key"), ("WORKER_SECRET_VALUE", "s3cret")]);
    let address = program.address.as_str();
    let call = |more: &[&str]| {
        run(cargo_centrifugo()
            .args(["invoke", "rpc", "echo", "-d", "1", "--address", address])
            .args(more))
    };
    let printed = call(&["--secret-key", "x-key", "--secret", "s3cret"]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let printed = call(&[]);
    assert_eq!(printed.code, Some(5), "{printed:?}");
    assert!(
        printed.stderr.contains("help: give the program's secret"),
        "{printed:?}"
    );
    let printed = run(cargo_centrifugo()
        .args(["invoke", "rpc", "echo", "-d", "1", "--address", address])
        .envs([("WORKER_SECRET_KEY", "x-key"), ("WORKER_SECRET_VALUE", "s3cret")]));
    assert_eq!(printed.code, Some(0), "{printed:?}");
}

#[test]
fn sends_to_a_program_with_tls() {
    let folder = Folder::new();
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    let [cert, key, other, recording] = ["cert.pem", "key.pem", "other.pem", "one.jsonl"].map(path);
    let sign = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = sign();
    folder.write("cert.pem", &certificate.cert.pem());
    folder.write("key.pem", &certificate.signing_key.serialize_pem());
    folder.write("other.pem", &sign().cert.pem());
    folder.write(
        "one.jsonl",
        r#"{"kind":"rpc","request":{"method":"echo","data":1},"metadata":{},"answer":{"result":{"data":1}},"at_ms":0}"#,
    );
    let program = Running::start(&[("WORKER_TLS_CERT", &cert), ("WORKER_TLS_KEY", &key)]);
    let (_, port) = program.address.rsplit_once(':').unwrap();
    let address = format!("https://localhost:{port}");
    // `of_system` is what the system trusts.
    let call = |of_system: &str, address: &str, more: &[&str]| {
        run(cargo_centrifugo()
            .args(["invoke", "rpc", "echo", "-d", "1", "--address", address])
            .args(more)
            .env("SSL_CERT_FILE", of_system)
            .env_remove("SSL_CERT_DIR"))
    };
    for printed in [
        call(&other, &address, &["--ca-certificate", &cert]),
        call(
            &other,
            &format!("grpcs://localhost:{port}"),
            &["--ca-certificate", &cert],
        ),
        call(&cert, &address, &[]),
        run(cargo_centrifugo()
            .args(["replay", &recording, "--check", "--connections", "2"])
            .args(["--address", &address, "--ca-certificate", &cert])),
    ] {
        assert!(
            printed.code == Some(0) && printed.stdout.contains('1'),
            "{printed:?}"
        );
    }
    let of_another_name = format!("https://127.0.0.1:{port}");
    let without_tls = format!("localhost:{port}");
    for (of_system, address, more, part) in [
        (&other, &address, &[][..], "no program answers with TLS"),
        (&cert, &of_another_name, &[], "no program answers with TLS"),
        (
            &cert,
            &without_tls,
            &["--ca-certificate", &cert],
            "write its address as https://",
        ),
        (&cert, &address, &["--ca-certificate", &key], "none in PEM"),
        (&cert, &address, &["--ca-certificate", "/nowhere"], "/nowhere"),
    ] {
        let printed = call(of_system, address, more);
        assert_eq!(printed.code, Some(2), "{address} {more:?}: {printed:?}");
        assert!(printed.stderr.contains(part), "{address} {more:?}: {printed:?}");
    }
}

#[test]
fn says_what_is_wrong() {
    for (arguments, part) in [
        (&["rpc"][..], "needs a method"),
        (&["subscribe"], "needs a channel"),
        (&["map_remove", "a:1"], "needs a key"),
        (&["rpc", "echo", "-d", "hello"], "a text needs quotes"),
        (&["rpc", "echo", "-d", "@/nowhere"], "/nowhere"),
        (&["rpc", "echo", "-H", "x"], "write a key and a value"),
        (&["rpc", "echo", "-H", "x y=1"], "the header `x y` cannot be sent"),
        (&["rpc", "echo", "--timeout", "5"], "write a number and a unit"),
        (&["nothing"], "invalid value 'nothing'"),
        (&["--from", "/nowhere"], "/nowhere"),
    ] {
        let printed = invoke(tour(), arguments);
        assert_eq!(printed.code, Some(2), "{arguments:?}: {printed:?}");
        assert!(printed.stderr.contains(part), "{arguments:?}: {printed:?}");
    }
    let printed = invoke(tour(), &["connect", "-u", "42", "-d", "{}"]);
    assert!(
        printed
            .stderr
            .contains("events of the kind `connect` have no user"),
        "{printed:?}"
    );
    let folder = Folder::new();
    let authority = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    folder.write("authority.pem", &authority.cert.pem());
    // Listens and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("https://{}", listener.local_addr().unwrap());
    for (address, part) in [
        ("127.0.0.1:1", "no program answers"),
        ("https://127.0.0.1:1", "no program answers with TLS"),
        (&silent, "no program answers with TLS"),
        ("ftp://a:1", "no address"),
        ("x", "no address"),
    ] {
        let printed = run(cargo_centrifugo()
            .args(["invoke", "rpc", "echo", "--address", address])
            // This machine may trust no certificate.
            .env("SSL_CERT_FILE", folder.path("authority.pem")));
        assert_eq!(printed.code, Some(2), "{printed:?}");
        assert!(printed.stderr.contains(part), "{printed:?}");
    }
    let printed = invoke(Path::new("/bin/false"), &["rpc", "echo"]);
    assert!(
        printed.code == Some(2) && printed.stderr.contains("before it listened"),
        "{printed:?}"
    );
}

#[test]
fn builds_the_package_that_is_named() {
    let folder = Folder::new();
    folder.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"3\"\n",
    );
    for (name, main) in [
        ("one", "std::process::exit(1)".to_owned()),
        (
            "two",
            format!(
                "let error = std::os::unix::process::CommandExt::exec(&mut std::process::Command::new({:?}));\npanic!(\"{{error}}\")",
                tour()
            ),
        ),
    ] {
        std::fs::create_dir_all(folder.path(name).join("src")).unwrap();
        let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
        folder.write(&format!("{name}/Cargo.toml"), &manifest);
        folder.write(
            &format!("{name}/src/main.rs"),
            &format!("fn main() {{ {main} }}\n"),
        );
    }
    let arguments = ["invoke", "rpc", "echo", "-d", "\"Ann\"", "--package", "two"];
    let mut command = cargo_centrifugo();
    command
        .args(arguments)
        .current_dir(folder.path("one"))
        .env("CARGO_TARGET_DIR", folder.path("target"));
    let printed = run(&mut command);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert!(printed.stdout.contains("\"data\": \"Ann\""), "{printed:?}");
}

#[test]
fn finds_the_program_whatever_the_environment_has() {
    for (name, value) in [
        ("RUST_LOG", "warn"),
        ("RUST_LOG", "off"),
        ("RUST_LOG", "my_app=debug,centrifugo=error"),
        ("WORKER_TLS_CERT", "/nowhere"),
        ("RR_RPC", "tcp://127.0.0.1:1"),
    ] {
        let mut command = cargo_centrifugo();
        command
            .args(["invoke", "rpc", "nowhere", "--executable"])
            .arg(tour())
            .env(name, value);
        let start = Instant::now();
        let printed = run(&mut command);
        assert!(start.elapsed() < Duration::from_secs(20), "{name}={value}");
        // From the log, too.
        assert_eq!(printed.code, Some(6), "{name}={value}: {printed:?}");
    }
}

#[test]
fn gives_variables_to_the_program() {
    let folder = Folder::new();
    let script = folder.write_program(&format!(
        "echo \"$GREETING\" >\"$0.note\"\nexec {}",
        tour().display()
    ));
    folder.write(
        "program.env",
        "GREETING='hello program'\nWORKER_SECRET_KEY=x-key\nWORKER_SECRET_VALUE=s3cret\n",
    );
    let file = folder.path("program.env");
    let file = ["--env-file", file.to_str().unwrap()];
    let event = ["rpc", "echo", "-d", "1"];
    // The program requires the secret of the file.
    let printed = invoke(&script, &[&event[..], &file].concat());
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert_eq!(folder.read("program.note"), "hello program\n");
    let printed = invoke(&script, &[&event[..], &file, &["--secret", "wrong"]].concat());
    assert_eq!(printed.code, Some(5), "{printed:?}");

    let printed = invoke(&script, &[&event[..], &["--secret-key", "x-key"]].concat());
    assert!(
        printed.code == Some(2) && printed.stderr.contains("needs --secret"),
        "{printed:?}"
    );
    let printed = invoke(&script, &[&event[..], &["--env-file", "/nowhere"]].concat());
    assert!(
        printed.code == Some(2) && printed.stderr.contains("/nowhere"),
        "{printed:?}"
    );
    let printed = run(cargo_centrifugo()
        .args(["invoke", "rpc", "echo", "--address", "127.0.0.1:1"])
        .args(file));
    assert!(
        printed.code == Some(2) && printed.stderr.contains("cannot be used with"),
        "{printed:?}"
    );
}

/// Starts an event that takes long. Returns the command and the process id of the program.
#[expect(clippy::zombie_processes, reason = "the caller waits for the command")]
fn long_event() -> (Child, u32) {
    let child = cargo_centrifugo()
        .args([
            "invoke",
            "rpc",
            "wait",
            "-d",
            "60000",
            "--timeout",
            "60s",
            "--executable",
        ])
        .arg(every_kind())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let only_child = |pid: u32| -> Option<u32> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        text.ok()?.trim().parse().ok()
    };
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        // The child of the command is the guard of the program.
        if let Some(pid) = only_child(child.id()).and_then(only_child) {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            if name.trim() == "every_kind" {
                return (child, pid);
            }
        }
        assert!(Instant::now() < end, "the program does not start");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_program_ends_with_the_command() {
    for signal in [
        rustix::process::Signal::KILL,
        rustix::process::Signal::TERM,
        rustix::process::Signal::INT,
    ] {
        let (mut child, pid) = long_event();
        let process = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(process, signal).unwrap();
        child.wait().unwrap();
        let end = Instant::now() + Duration::from_secs(10);
        while Path::new(&format!("/proc/{pid}")).exists() {
            assert!(Instant::now() < end, "the program goes on after {signal:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn stops_the_program_in_order() {
    let folder = Folder::new();
    let text = format!(
        "trap 'echo stopped >\"$0.note\"; kill $pid' TERM\n{} &\npid=$!\nwait\nwait\n",
        tour().display()
    );
    let script = folder.write_program(&text);
    let printed = invoke(&script, &["rpc", "echo", "-d", "1"]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let note = std::fs::read_to_string(script.with_extension("note")).unwrap();
    assert_eq!(note, "stopped\n");
}
