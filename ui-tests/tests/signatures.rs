//! Compiles a handler for every pair of an event and an extractor, and of an event and a reply, and reads the errors of
//! those that do not fit.
//!
//! All handlers are modules of one generated crate, which one run of the compiler checks. The fixtures in `fail` show the
//! whole text of typical messages.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The longest error that a wrong signature may cause, in lines.
const MAX_LINES: usize = 20;

struct Event {
    name: &'static str,
    /// The name of the marker type, of the request message and of the result message, without their suffixes.
    marker: &'static str,
    /// The arguments of the attribute.
    arguments: &'static str,
    /// A reply that fits the event.
    reply: &'static str,
    /// What the error of a wrong reply must list.
    replies: &'static str,
}

const EVENTS: [Event; 12] = [
    event(
        "connect",
        "Connect",
        "",
        "reply::Connect",
        "`reply::Connect`, `ConnectResult`",
    ),
    event(
        "refresh",
        "Refresh",
        "",
        "reply::Refresh",
        "`reply::Refresh`, `RefreshResult`",
    ),
    event(
        "subscribe",
        "Subscribe",
        CHANNEL,
        "reply::Subscribe",
        "`reply::Subscribe`, `SubscribeResult`",
    ),
    event(
        "publish",
        "Publish",
        CHANNEL,
        "reply::Publish",
        "`reply::Publish`, `PublishResult`",
    ),
    event(
        "sub_refresh",
        "SubRefresh",
        CHANNEL,
        "reply::SubRefresh",
        "`reply::SubRefresh`, `SubRefreshResult`",
    ),
    event(
        "rpc",
        "Rpc",
        "(\"a\")",
        "()",
        "`Json<T>`, `Data`, `Protobuf<T>`, `()`, `RpcResult`",
    ),
    event(
        "notify_channel_state",
        "NotifyChannelState",
        "",
        "()",
        "`()`, `NotifyChannelStateResult`",
    ),
    event(
        "notify_cache_empty",
        "NotifyCacheEmpty",
        CHANNEL,
        "()",
        "`reply::CacheEmpty`, `()`, `NotifyCacheEmptyResult`",
    ),
    event(
        "map_publish",
        "MapPublish",
        CHANNEL,
        "reply::MapPublish",
        "`reply::MapPublish`, `MapPublishResult`",
    ),
    event(
        "map_remove",
        "MapRemove",
        CHANNEL,
        "reply::MapRemove",
        "`reply::MapRemove`, `MapRemoveResult`",
    ),
    event(
        "shared_poll_refresh",
        "SharedPollRefresh",
        CHANNEL,
        "reply::SharedPoll",
        "`reply::SharedPoll`, `SharedPollRefreshResult`",
    ),
    event(
        "subscribe_stream",
        "SubscribeStream",
        CHANNEL,
        "reply::Stream",
        "`reply::Stream`, `OpenedStream`",
    ),
];

const CHANNEL: &str = "(channel = \"a:*\")";

const fn event(
    name: &'static str,
    marker: &'static str,
    arguments: &'static str,
    reply: &'static str,
    replies: &'static str,
) -> Event {
    Event {
        name,
        marker,
        arguments,
        reply,
        replies,
    }
}

/// A type, the events that it fits, and what the error says on the others.
struct Type {
    name: &'static str,
    events: &'static [&'static str],
    allowed: &'static str,
}

const fn ty(name: &'static str, events: &'static [&'static str], allowed: &'static str) -> Type {
    Type {
        name,
        events,
        allowed,
    }
}

const WITH_CONNECTION: &[&str] = &[
    "connect",
    "refresh",
    "subscribe",
    "publish",
    "sub_refresh",
    "rpc",
    "map_publish",
    "map_remove",
    "subscribe_stream",
];
const WITH_USER: &[&str] = &[
    "refresh",
    "subscribe",
    "publish",
    "sub_refresh",
    "rpc",
    "map_publish",
    "map_remove",
    "subscribe_stream",
];
const WITH_CHANNEL: &[&str] = &[
    "subscribe",
    "publish",
    "sub_refresh",
    "notify_cache_empty",
    "map_publish",
    "map_remove",
    "shared_poll_refresh",
    "subscribe_stream",
];
const WITH_DATA: &[&str] = &[
    "connect",
    "subscribe",
    "publish",
    "rpc",
    "map_publish",
    "subscribe_stream",
];

const CONNECTION: &str = "all events but the notifications and shared_poll_refresh have one";
const USER: &str = "refresh, subscribe, publish, sub_refresh, rpc, map_publish, map_remove and subscribe_stream events have one";
const META: &str = "refresh, subscribe, publish, sub_refresh, rpc, map_publish, map_remove and subscribe_stream events have it";
const DATA: &str = "connect, subscribe, publish, rpc, map_publish and subscribe_stream events have some";
const REQUEST: &str = "request messages are named after their events";

const EXTRACTORS: [Type; 22] = [
    ty("Connection", WITH_CONNECTION, CONNECTION),
    ty("UserId", WITH_USER, USER),
    ty("Labels", WITH_USER, META),
    ty("Meta<u32>", WITH_USER, META),
    ty("Data", WITH_DATA, DATA),
    ty("Json<u32>", WITH_DATA, DATA),
    ty("Protobuf<()>", WITH_DATA, DATA),
    ty(
        "Channel",
        WITH_CHANNEL,
        "subscribe, publish, sub_refresh, notify_cache_empty, map_publish, map_remove, shared_poll_refresh and subscribe_stream events have one",
    ),
    ty("Method", &["rpc"], "rpc events have one"),
    ty(
        "MapKey",
        &["map_publish", "map_remove"],
        "map_publish and map_remove events have one",
    ),
    ty(
        "Incoming",
        &["subscribe_stream"],
        "but trait `FromEvent<centrifugo::event::markers::SubscribeStream>` is implemented for it",
    ),
    ty("ConnectRequest", &["connect"], REQUEST),
    ty("RefreshRequest", &["refresh"], REQUEST),
    ty("SubscribeRequest", &["subscribe", "subscribe_stream"], REQUEST),
    ty("PublishRequest", &["publish"], REQUEST),
    ty("SubRefreshRequest", &["sub_refresh"], REQUEST),
    ty("RpcRequest", &["rpc"], REQUEST),
    ty("NotifyChannelStateRequest", &["notify_channel_state"], REQUEST),
    ty("NotifyCacheEmptyRequest", &["notify_cache_empty"], REQUEST),
    ty("MapPublishRequest", &["map_publish"], REQUEST),
    ty("MapRemoveRequest", &["map_remove"], REQUEST),
    ty("SharedPollRefreshRequest", &["shared_poll_refresh"], REQUEST),
];

/// The replies with the events that they fit. What an error must say is up to the event.
const REPLIES: [Type; 19] = [
    ty("reply::Connect", &["connect"], ""),
    ty("reply::Refresh", &["refresh"], ""),
    ty("reply::Subscribe", &["subscribe"], ""),
    ty("reply::Publish", &["publish"], ""),
    ty("reply::SubRefresh", &["sub_refresh"], ""),
    ty("reply::CacheEmpty", &["notify_cache_empty"], ""),
    ty("reply::MapPublish", &["map_publish"], ""),
    ty("reply::MapRemove", &["map_remove"], ""),
    ty("reply::SharedPoll", &["shared_poll_refresh"], ""),
    ty("reply::Stream", &["subscribe_stream"], ""),
    ty("Data", &["rpc"], ""),
    ty("Json<u32>", &["rpc"], ""),
    ty("Protobuf<()>", &["rpc"], ""),
    ty("()", &["rpc", "notify_channel_state", "notify_cache_empty"], ""),
    ty("String", &[], ""),
    ty("Option<reply::Subscribe>", &[], ""),
    ty("Result<reply::Publish, Error>", &["publish"], ""),
    ty("PublishResult", &["publish"], ""),
    ty("RpcResult", &["rpc"], ""),
];

/// A handler with one type that fits or does not fit.
struct Signature {
    /// The name of the module, which says what the handler does.
    name: String,
    source: String,
    expected: Expected,
}

enum Expected {
    Compiles,
    Error {
        /// The tokens of the handler that the error underlines.
        underlined: String,
        /// What the text of the error contains.
        words: Vec<String>,
    },
}

impl Signature {
    fn taking(event: &Event, extractor: &Type) -> Self {
        let words = || {
            vec![
                event.marker.to_owned(),
                short(extractor.name).to_owned(),
                extractor.allowed.to_owned(),
            ]
        };
        Self::new(
            event,
            extractor,
            &format!("_: {}", extractor.name),
            event.reply,
            "takes",
            words,
        )
    }

    fn returning(event: &Event, reply: &Type) -> Self {
        let words = || {
            let headline = format!("`{}` handler can't return `", event.name);
            let replies = format!("`: it returns {} or a `Result` of one\n", event.replies);
            vec![headline, short(reply.name).to_owned(), replies]
        };
        Self::new(event, reply, "", reply.name, "returns", words)
    }

    fn new(
        event: &Event,
        ty: &Type,
        argument: &str,
        output: &str,
        verb: &str,
        words: impl FnOnce() -> Vec<String>,
    ) -> Self {
        let Event {
            name: event_name,
            arguments,
            ..
        } = event;
        let type_name: String = ty
            .name
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '_' })
            .collect();
        Self {
            name: format!("{event_name}_{verb}_{type_name}"),
            source: format!(
                "use crate::prelude::*;\n\n#[centrifugo::{event_name}{arguments}]\nfn handler({argument}) -> {output} {{\n    unimplemented!()\n}}\n"
            ),
            expected: if ty.events.contains(event_name) {
                Expected::Compiles
            } else {
                Expected::Error {
                    underlined: ty.name.to_owned(),
                    words: words(),
                }
            },
        }
    }

    /// Compares the errors of the compiler with what is expected.
    fn check(&self, errors: &[Diagnostic]) -> Result<(), String> {
        let (underlined, words) = match (&self.expected, errors) {
            (Expected::Compiles, []) => return Ok(()),
            (Expected::Compiles, _) => return Err("does not compile".to_owned()),
            (Expected::Error { .. }, []) => return Err("compiles, and must not".to_owned()),
            (Expected::Error { underlined, words }, [_]) => (underlined, words),
            (Expected::Error { .. }, _) => return Err(format!("has {} errors instead of one", errors.len())),
        };
        let error = &errors[0];
        if error.underlined != *underlined {
            return Err(format!(
                "underlines `{}` instead of `{underlined}`",
                error.underlined
            ));
        }
        let lines = error.text.trim_end().lines().count();
        if lines > MAX_LINES {
            return Err(format!("has {lines} lines, which are more than {MAX_LINES}"));
        }
        match words.iter().find(|words| !error.text.contains(*words)) {
            Some(missing) => Err(format!("does not say {missing:?}")),
            None => Ok(()),
        }
    }
}

/// The name of a type without its module and its parameters.
fn short(name: &str) -> &str {
    let name = name.split('<').next().unwrap_or(name);
    name.rsplit("::").next().unwrap_or(name)
}

/// An error of the compiler.
#[derive(Clone)]
struct Diagnostic {
    /// The file that it points at.
    file: String,
    /// The tokens that it points at.
    underlined: String,
    /// What the user reads.
    text: String,
}

impl Diagnostic {
    /// Reads a line of the compiler's JSON. Returns `None` for warnings, artifacts and the summary at the end.
    fn read(line: &str) -> Option<Self> {
        let message: Value = serde_json::from_str(line).ok()?;
        if message["level"] != "error" {
            return None;
        }
        let span = message["spans"]
            .as_array()?
            .iter()
            .find(|span| span["is_primary"] == true)?;
        let text = &span["text"][0];
        let column = |key: &str| text[key].as_u64().and_then(|column| usize::try_from(column).ok());
        let characters = text["text"].as_str()?.chars();
        let start = column("highlight_start")? - 1;
        Some(Self {
            file: span["file_name"].as_str()?.to_owned(),
            underlined: characters
                .skip(start)
                .take(column("highlight_end")? - 1 - start)
                .collect(),
            text: message["rendered"].as_str()?.to_owned(),
        })
    }
}

fn signatures() -> Vec<Signature> {
    let taking = EVENTS
        .iter()
        .flat_map(|event| EXTRACTORS.iter().map(|ty| Signature::taking(event, ty)));
    let returning = EVENTS
        .iter()
        .flat_map(|event| REPLIES.iter().map(|ty| Signature::returning(event, ty)));
    taking.chain(returning).collect()
}

/// Writes the crate, with a file for each handler.
fn write(signatures: &[Signature], directory: &Path) {
    fs::create_dir_all(directory).unwrap();
    let mut root = "\
mod prelude {
    pub use centrifugo::extract::{Incoming, Labels, MapKey};
    pub use centrifugo::proto::proxy::*;
    pub use centrifugo::{Channel, Connection, Data, Error, Json, Meta, Method, Protobuf, UserId, reply};
}
"
    .to_owned();
    for Signature { name, source, .. } in signatures {
        writeln!(root, "mod {name};").unwrap();
        fs::write(directory.join(format!("{name}.rs")), source).unwrap();
    }
    fs::write(directory.join("lib.rs"), root).unwrap();
}

/// Returns the path of the library that this test is linked with, if it runs with those of the whole workspace.
fn library() -> PathBuf {
    let mut command = Command::new(env!("CARGO"));
    // The build script of ring would run again for these variables, and all that depends on ring would be compiled again.
    let is_of_cargo = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in env::vars().filter(|(name, _)| is_of_cargo(name)) {
        command.env_remove(name);
    }
    let build = command
        .args(["test", "--offline", "--no-run", "--message-format=json"])
        .args(["--test", "signatures"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(
        build.status.success(),
        "{}",
        String::from_utf8_lossy(&build.stderr)
    );
    let output = String::from_utf8(build.stdout).unwrap();
    let artifact = output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == "centrifugo")
        .unwrap();
    let files = artifact["filenames"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str);
    files
        .map(PathBuf::from)
        .find(|file| file.extension().is_some_and(|extension| extension == "rlib"))
        .unwrap()
}

/// Returns the errors of the crate by the name of their module.
fn compile(directory: &Path) -> BTreeMap<String, Vec<Diagnostic>> {
    let library = library();
    let run = Command::new("rustc")
        .arg(directory.join("lib.rs"))
        .arg("--out-dir")
        .arg(directory)
        .args([
            "--crate-name=signatures",
            "--crate-type=lib",
            "--edition=2024",
            "--emit=metadata",
        ])
        .args([
            "--error-format=json",
            "--diagnostic-width=140",
            "--cap-lints=allow",
        ])
        .arg(format!("--extern=centrifugo={}", library.display()))
        .arg(format!(
            "-Ldependency={}",
            library.parent().unwrap().join("deps").display()
        ))
        .arg(format!("-Ldependency={}", library.parent().unwrap().display()))
        // The paths of the workspace's own files are relative to its root: errors show lines of them.
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    let mut errors = BTreeMap::<_, Vec<_>>::new();
    for error in String::from_utf8(run.stderr)
        .unwrap()
        .lines()
        .filter_map(Diagnostic::read)
    {
        let module = Path::new(&error.file)
            .file_stem()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        errors.entry(module).or_default().push(error);
    }
    errors
}

#[test]
fn every_signature_that_does_not_fit_has_one_short_error_that_says_what_fits() {
    let signatures = signatures();
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("signatures");
    write(&signatures, &directory);
    let mut errors = compile(&directory);
    let mut failures = String::new();
    for signature in &signatures {
        let errors = errors.remove(&signature.name).unwrap_or_default();
        if let Err(failure) = signature.check(&errors) {
            let texts: String = errors.iter().map(|error| error.text.as_str()).collect();
            writeln!(failures, "{} {failure}\n{texts}", signature.name).unwrap();
        }
    }
    for error in errors.values().flatten() {
        writeln!(failures, "an error outside of the handlers\n{}", error.text).unwrap();
    }
    assert!(failures.is_empty(), "{failures}");
}

fn wrong_reply() -> (Signature, Diagnostic) {
    let reply = Type {
        name: "String",
        events: &[],
        allowed: "",
    };
    let error = Diagnostic {
        file: "rpc_returns_String.rs".to_owned(),
        underlined: "String".to_owned(),
        text: "error: an `rpc` handler can't return `String`: it returns `Json<T>`, `Data`, `Protobuf<T>`, `()`, `RpcResult` or a `Result` of one\n".to_owned(),
    };
    (Signature::returning(&EVENTS[5], &reply), error)
}

#[test]
fn accepts_the_expected_error() {
    let (signature, error) = wrong_reply();
    assert_eq!(signature.check(&[error]), Ok(()));
}

#[test]
fn reports_a_wrong_signature_that_compiles() {
    let (signature, _) = wrong_reply();
    assert_eq!(signature.check(&[]), Err("compiles, and must not".to_owned()));
}

#[test]
fn reports_a_second_error() {
    let (signature, error) = wrong_reply();
    assert_eq!(
        signature.check(&[error.clone(), error]),
        Err("has 2 errors instead of one".to_owned())
    );
}

#[test]
fn reports_an_underline_elsewhere() {
    let (signature, mut error) = wrong_reply();
    error.underlined = "handler".to_owned();
    assert_eq!(
        signature.check(&[error]),
        Err("underlines `handler` instead of `String`".to_owned())
    );
}

#[test]
fn reports_a_long_error() {
    let (signature, mut error) = wrong_reply();
    error.text.push_str(&"note\n".repeat(MAX_LINES));
    assert_eq!(
        signature.check(&[error]),
        Err("has 21 lines, which are more than 20".to_owned())
    );
}

#[test]
fn reports_an_error_without_the_type() {
    let (signature, mut error) = wrong_reply();
    error.text = error.text.replace("String", "_");
    assert_eq!(
        signature.check(&[error]),
        Err("does not say \"String\"".to_owned())
    );
}

#[test]
fn reports_a_signature_that_fits_and_does_not_compile() {
    let (_, error) = wrong_reply();
    let reply = Type {
        name: "Data",
        events: &["rpc"],
        allowed: "",
    };
    let signature = Signature::returning(&EVENTS[5], &reply);
    assert_eq!(signature.check(&[error]), Err("does not compile".to_owned()));
}
