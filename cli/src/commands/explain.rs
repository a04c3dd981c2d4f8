//! `cargo centrifugo explain`: the way of a client's request through Centrifugo's rules to the handler.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::answer_printer::{answer_text, print_help_for_secret, print_log};
use super::data_argument::data;
use super::env_files::environment;
use super::exit_status::ExitStatus;
use super::target_options::TargetOptions;
use crate::centrifugo::jwt::{self, JudgedToken, TokenUse};
use crate::centrifugo::{
    Code, Configuration, Decision, Outcome, Proxy, Request, Step, Token, decide, namespaces,
};
use crate::config_file::{ConfigFile, ConfigPath};
use crate::description::Event;
use crate::invoke::{self, Answer, Invocation, Protocol};
use crate::printable::{printable, printable_json, printable_lines};

/// Explains how Centrifugo and the program decide about a request of a client.
///
/// The command shows Centrifugo's rules in their order, with the lines of the configuration, and what the handler answers if it
/// is asked. CENTRIFUGO_* variables count on top of the file, as they do for Centrifugo.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo centrifugo explain chat:1 --user 42 --config centrifugo.json\n  cargo centrifugo explain user/get --kind rpc \
                  --user 42 --config centrifugo.json\n  cargo centrifugo explain --kind connect --token expired --config centrifugo.json\n\nExit codes: \
                  0 the client may, 2 the command failed, 3 error, 4 disconnect, 5 the handler or the call failed, 6 no handler ran, 7 time limit. \
                  With --address, the log is not known: an event without a handler gives 3 instead of 6, and the time limit of a handler 5 instead of 7."
)]
pub(super) struct Options {
    /// Channel, or method of an rpc.
    #[arg(value_name = "CHANNEL|METHOD")]
    target: Option<String>,
    /// What the client asks for.
    #[arg(long, value_enum, default_value_t, value_name = "KIND")]
    kind: Kind,
    /// Id of the user. Without it, the client is anonymous.
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    user: String,
    /// Token of the client, or what it is: `valid`, `invalid`, `expired`, or `other` for another user or channel.
    #[arg(long, value_name = "JWT|STATE", value_parser = TokenArgument::parse)]
    token: Option<TokenArgument>,
    /// Data: JSON, @FILE, or - for standard input.
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    data: Option<String>,
    /// The client has no subscription to the channel that it publishes to.
    #[arg(long)]
    not_subscribed: bool,
    /// Centrifugo's configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// File with variables of Centrifugo, one `NAME=value` a line, on top of the environment. May be given several times.
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
    /// Asks no handler, and builds and starts nothing.
    #[arg(long)]
    rules_only: bool,
    /// File with environment variables of the program that is started, as `NAME=value` lines.
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Program",
        conflicts_with = "address"
    )]
    program_env_file: Option<PathBuf>,
    #[command(flatten)]
    target_options: TargetOptions,
    /// How the explanation is printed.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// What a client, or Centrifugo on behalf of one, asks for.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Kind {
    Connect,
    Refresh,
    #[default]
    Subscribe,
    Publish,
    SubRefresh,
    Rpc,
    MapPublish,
    MapRemove,
}

/// The token of a client.
#[derive(Clone)]
enum TokenArgument {
    Jwt(String),
    State(Token),
}

impl TokenArgument {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::State(match text {
            "valid" => Token::Valid,
            "invalid" => Token::Invalid,
            "expired" => Token::Expired,
            "other" => Token::Other,
            token if token.contains('.') => return Ok(Self::Jwt(token.to_owned())),
            _ => return Err("it is neither a token nor `valid`, `invalid`, `expired` or `other`".to_owned()),
        }))
    }
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    let environment = environment(&options.env_file)?;
    let file = ConfigFile::open(&options.config)?;
    let configuration = Configuration::load(&file.value, &environment);
    let token = judged_token(options, &configuration);
    if let Some(token) = &token
        && !token.why.is_empty()
    {
        eprintln!("token: {}", printable(&token.why));
    }
    let decision = decide(&configuration, &request(options, &configuration, token.as_ref())?);
    let place = |step: &Step| place(&options.config, &file, &configuration, step);
    let answer = match &decision.outcome {
        Outcome::Asked(proxy) if !options.rules_only => Some(ask(options, &configuration, proxy)?),
        _ => None,
    };
    let text = match options.format {
        Format::Text => printable_lines(&text(&decision, place, answer.as_ref())),
        Format::Json => {
            let document = document(&decision, place, answer.as_ref())?;
            printable_json(&format!("{document:#}\n"))
        }
    };
    std::io::stdout().write_all(text.as_bytes())?;
    if let (Format::Text, Some(answer)) = (options.format, &answer) {
        print_help_for_secret(answer);
        print_log(&answer.log);
    }
    let outcome = match (&decision.outcome, &answer) {
        (_, Some(answer)) => answer.outcome,
        (
            Outcome::Refused {
                code: Code::Error(_) | Code::Unsubscribe(_),
                ..
            },
            None,
        ) => invoke::Outcome::Error,
        (Outcome::Refused { .. }, None) => invoke::Outcome::Disconnect,
        _ => invoke::Outcome::Ok,
    };
    Ok(ExitStatus::Answered(outcome))
}

/// Returns what the token of the client is.
fn judged_token(options: &Options, configuration: &Configuration) -> Option<JudgedToken> {
    let token = options.token.as_ref()?;
    Some(match token {
        TokenArgument::State(state) => JudgedToken {
            state: *state,
            user: options.user.clone(),
            why: String::new(),
        },
        TokenArgument::Jwt(text) => {
            let token_use = match (options.kind, &options.target) {
                (Kind::Subscribe | Kind::SubRefresh, Some(channel)) => TokenUse::Subscription {
                    channel,
                    user: &options.user,
                },
                (Kind::Refresh, _) => TokenUse::Connection {
                    user: Some(&options.user),
                },
                _ => TokenUse::Connection { user: None },
            };
            jwt::judge(text, token_use, configuration, SystemTime::now())
        }
    })
}

fn request<'a>(
    options: &'a Options,
    configuration: &Configuration,
    token: Option<&'a JudgedToken>,
) -> Result<Request<'a>, Box<dyn Error>> {
    let target = || {
        let target = options.target.as_deref();
        target.ok_or("name a channel, or a method for `--kind rpc`")
    };
    let user = options.user.as_str();
    let of_token = token;
    let token = of_token.map(|token| token.state);
    let is_subscribed = !options.not_subscribed;
    Ok(match options.kind {
        Kind::Connect => Request::Connect {
            token: of_token.map(|token| (token.state, token.user.as_str())),
        },
        Kind::Refresh => Request::Refresh { token },
        Kind::Subscribe => {
            let channel = target()?;
            let namespace = namespaces::of_channel(configuration, channel).ok();
            Request::Subscribe {
                channel,
                user,
                token,
                // As a client that fits the namespace asks.
                subscription_type: namespace
                    .map(|namespace| namespace.subscription_type(configuration))
                    .unwrap_or_default(),
            }
        }
        Kind::SubRefresh => Request::SubRefresh {
            channel: target()?,
            token,
        },
        Kind::Publish => Request::Publish {
            channel: target()?,
            user,
            is_subscribed,
        },
        Kind::Rpc => Request::Rpc { method: target()? },
        Kind::MapPublish => Request::MapPublish {
            channel: target()?,
            user,
            is_subscribed,
        },
        Kind::MapRemove => Request::MapRemove {
            channel: target()?,
            user,
            is_subscribed,
        },
    })
}

/// Returns where the configuration says what a step is about: a line of the file, or a variable.
fn place(path: &Path, file: &ConfigFile, configuration: &Configuration, step: &Step) -> Option<String> {
    let option = step.path.as_deref()?;
    if let Some(variable) = configuration.variable(option) {
        return Some(variable.to_owned());
    }
    let line = file.line_of(&ConfigPath::parse(option));
    Some(match line {
        Some(line) => format!("{}:{line} {option}", path.display()),
        None => format!("{option} (not set)"),
    })
}

/// Sends the event to the program, with the time limit of the proxy.
fn ask(options: &Options, configuration: &Configuration, proxy: &Proxy) -> Result<Answer, Box<dyn Error>> {
    let mut invocation = Invocation::new(proxy.event);
    match proxy.event {
        Event::Connect | Event::Refresh => {}
        Event::Rpc => invocation.method.clone_from(&options.target),
        _ => invocation.channel.clone_from(&options.target),
    }
    if proxy.event != Event::Connect && !options.user.is_empty() {
        invocation.user = Some(options.user.clone());
    }
    if matches!(proxy.event, Event::MapPublish | Event::MapRemove) {
        invocation.key = Some("key".to_owned());
    }
    if let Some(text) = &options.data {
        invocation.data = Some(data(text, "--data", Protocol::Json)?);
    }
    invocation.timeout_ms = Some(proxy.timeout.as_millis().try_into().unwrap_or(u64::MAX));
    let namespace = options
        .target
        .as_deref()
        .and_then(|channel| namespaces::of_channel(configuration, channel).ok());
    invocation.two_way = namespace.is_some_and(|namespace| {
        configuration.bool(&namespace.option("subscribe_stream_proxy_bidirectional"))
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let target = options
            .target_options
            .open(options.program_env_file.as_deref(), true)
            .await?;
        let position = target.log_position();
        let answer = target.client.invoke(&invocation).await;
        let log = target.log_since(position).await;
        target.close().await;
        Ok(answer?.with_log(log))
    })
}

fn text(decision: &Decision, place: impl Fn(&Step) -> Option<String>, answer: Option<&Answer>) -> String {
    let mut text = String::new();
    for (number, step) in decision.steps.iter().enumerate() {
        let _ = writeln!(text, "{}. {}", number + 1, step.text);
        if let Some(place) = place(step) {
            let _ = writeln!(text, "   {place}");
        }
    }
    let _ = match &decision.outcome {
        Outcome::Asked(_) => writeln!(text, "=> Centrifugo asks the backend"),
        Outcome::LetIn { .. } => writeln!(text, "=> the client may, and the backend is not asked"),
        Outcome::Refused { code, .. } => {
            writeln!(text, "=> the client gets {code}, and the backend is not asked")
        }
    };
    if let Some(answer) = answer {
        if let Some(handler) = handler(answer) {
            let _ = writeln!(text, "\nhandler `{handler}` answers:");
        }
        text.push_str(&answer_text(answer));
    }
    text
}

/// Returns the handler that the program has logged.
fn handler(answer: &Answer) -> Option<&str> {
    answer.log.iter().rev().find_map(|line| line.handler.as_deref())
}

fn document(
    decision: &Decision,
    place: impl Fn(&Step) -> Option<String>,
    answer: Option<&Answer>,
) -> Result<Value, serde_json::Error> {
    let steps = decision
        .steps
        .iter()
        .map(|step| json!({ "text": step.text, "path": step.path, "place": place(step) }));
    let outcome = match &decision.outcome {
        Outcome::Asked(proxy) => {
            json!({ "asked": { "event": proxy.event, "path": proxy.path, "endpoint": proxy.endpoint } })
        }
        Outcome::LetIn { path, .. } => json!({ "let_in": { "path": path } }),
        Outcome::Refused { code, path, .. } => {
            json!({ "refused": { "with": code.to_string(), "path": path } })
        }
    };
    Ok(json!({
        "steps": steps.collect::<Vec<_>>(),
        "outcome": outcome,
        "handler": answer.and_then(handler),
        "answer": serde_json::to_value(answer)?,
    }))
}
