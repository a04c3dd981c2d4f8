//! `cargo centrifugo invoke`: sends an event.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::answer_printer::{answer_text, print_help_for_secret, print_log};
use super::data_argument::data;
use super::duration_argument::duration;
use super::env_file_option::EnvFileOption;
use super::exit_status::ExitStatus;
use super::target_options::{Target, TargetOptions};
use crate::description::Event;
use crate::invoke::{
    Answer, ChannelEvent, Data, Invocation, OpenedStream, Outcome, PollItem, Protocol, unused_fields,
};
use crate::printable::{printable, printable_json, printable_json_line};

/// Sends an event to the program, and prints the answer and the log.
///
/// The program is built, started on a free port, and ended again, unless `--address` names one that runs.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo centrifugo invoke rpc user/get --user 42 --data '{\"id\":7}'\n  cargo centrifugo invoke subscribe chat:1 \
                  --user 42 --header x-tenant=a --format json\n  cargo centrifugo invoke publish chat:1 --user 42 --data @line.json --address \
                  127.0.0.1:10001\n  cargo centrifugo invoke subscribe_stream clock:1 --count 3\n\nExit codes: 0 the handler replied, 2 the event \
                  was not sent, 3 error, 4 disconnect, 5 the handler or the call failed, 6 no handler ran, 7 time limit. With --address, the \
                  log is not known: an event without a handler gives 3 instead of 6, and the time limit of a handler 5 instead of 7."
)]
pub(super) struct Options {
    /// Kind of the event.
    #[arg(value_enum, value_name = "KIND", required_unless_present = "from")]
    kind: Option<Event>,
    /// Channel, or method of an rpc.
    #[arg(value_name = "CHANNEL|METHOD")]
    target: Option<String>,
    /// File with the event as JSON, with members such as kind, channel, method, user, data, meta, headers. Options take precedence.
    #[arg(long, value_name = "FILE", conflicts_with = "kind")]
    from: Option<PathBuf>,
    /// Id of the user. Without it, the client is anonymous.
    #[arg(long, short, value_name = "ID")]
    user: Option<String>,
    /// Data: JSON, @FILE, or - for standard input.
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    data: Option<String>,
    /// Header, that is metadata, of the event. May be given several times.
    #[arg(long = "header", short = 'H', value_name = "KEY=VALUE", value_parser = pair)]
    headers: Vec<(String, String)>,
    /// Meta of the connection: JSON or @FILE.
    #[arg(long, value_name = "JSON")]
    meta: Option<String>,
    /// Id of the client, random by default.
    #[arg(long, value_name = "ID")]
    client: Option<String>,
    /// Transport of the client, websocket by default.
    #[arg(long, value_name = "NAME")]
    transport: Option<String>,
    /// Protocol of the client, json by default.
    #[arg(long, value_enum, value_name = "NAME")]
    protocol: Option<Protocol>,
    /// Token of the subscription.
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// Key of map_publish and map_remove.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Item that Centrifugo has, for shared_poll_refresh. May be given several times.
    #[arg(long = "item", value_name = "KEY[=VERSION]", value_parser = item)]
    items: Vec<PollItem>,
    /// New state of the channel, for notify_channel_state: occupied (the default) or vacated.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Opens the stream in both directions, for subscribe_stream.
    #[arg(long)]
    two_way: bool,
    /// Data that the client publishes into the stream: JSON or @FILE. May be given several times. Opens it in both directions.
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    publish: Vec<String>,
    /// Number of publications after which the stream is ended.
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,
    /// Time after which the stream is ended.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    duration: Option<Duration>,
    /// Time limit, 10s by default. Centrifugo's own is 1s unless it is configured.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    timeout: Option<Duration>,
    #[command(flatten)]
    env_file: EnvFileOption,
    #[command(flatten)]
    target_options: TargetOptions,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    let invocation = invocation(options)?;
    let publications = options
        .publish
        .iter()
        .map(|text| data(text, "--publish", invocation.protocol))
        .collect::<Result<Vec<_>, _>>()?;
    for name in unused_fields(&invocation) {
        eprintln!("warning: events of the kind `{}` have no {name}", invocation.kind);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let target = options.target_options.open(options.env_file.path(), true).await?;
        let status = match invocation.kind {
            Event::SubscribeStream => stream(options, &invocation, &publications, &target).await,
            _ => single(options, &invocation, &target).await,
        };
        target.close().await;
        status
    })
}

/// Sends an event that has one answer.
async fn single(
    options: &Options,
    invocation: &Invocation,
    target: &Target,
) -> Result<ExitStatus, Box<dyn Error>> {
    let position = target.log_position();
    let answer = target.client.invoke(invocation).await?;
    let answer = answer.with_log(target.log_since(position).await);
    print(options, &answer)?;
    Ok(ExitStatus::Answered(answer.outcome))
}

/// Opens the stream, and prints its publications.
async fn stream(
    options: &Options,
    invocation: &Invocation,
    publications: &[Data],
    target: &Target,
) -> Result<ExitStatus, Box<dyn Error>> {
    let position = target.log_position();
    let mut stream = target.client.open(invocation).await?;
    let answer = stream.answer.clone().with_log(target.log_since(position).await);
    print(options, &answer)?;
    if answer.outcome != Outcome::Ok {
        return Ok(ExitStatus::Answered(answer.outcome));
    }
    // The lines before are printed with the answer.
    let position = position + answer.log.len() as u64;
    let ends_after = options.duration.unwrap_or(Duration::MAX);
    let end = tokio::select! {
        end = print_publications(options, &mut stream, publications) => end?,
        () = tokio::time::sleep(ends_after) => None,
        _ = tokio::signal::ctrl_c() => None,
    };
    let Some(status) = end else {
        return Ok(ExitStatus::Success);
    };
    eprintln!("the program ended the stream: {}", printable(status.message()));
    print_log(&target.log_of_failure(position).await);
    Ok(ExitStatus::Answered(Outcome::Failed))
}

/// Prints publications up to the wanted number or the end of the stream. Returns the status of a stream that failed.
async fn print_publications(
    options: &Options,
    stream: &mut OpenedStream,
    publications: &[Data],
) -> Result<Option<tonic::Status>, Box<dyn Error>> {
    for publication in publications {
        stream.publish(publication).await;
    }
    let mut left = options.count.unwrap_or(u64::MAX);
    while left > 0 {
        let message = match stream.next().await {
            Ok(Some(message)) => message,
            Ok(None) => return Ok(None),
            Err(status) => return Ok(Some(status)),
        };
        let line = match options.format {
            Format::Json => serde_json::to_string(&message)?,
            Format::Text => match &message.data {
                Data::Json(json) => json.get().to_owned(),
                bytes @ Data::Bytes(_) => serde_json::to_string(bytes)?,
            },
        };
        print_line(&printable_json_line(&line))?;
        left -= 1;
    }
    Ok(None)
}

fn invocation(options: &Options) -> Result<Invocation, Box<dyn Error>> {
    let mut invocation = match (&options.from, options.kind) {
        (Some(path), _) => {
            let text =
                std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?
        }
        (None, Some(kind)) => Invocation::new(kind),
        (None, None) => return Err("the kind is missing".into()),
    };
    let field = match invocation.kind {
        Event::Rpc => &mut invocation.method,
        _ => &mut invocation.channel,
    };
    let set = |field: &mut Option<String>, value: &Option<String>| {
        if value.is_some() {
            field.clone_from(value);
        }
    };
    set(field, &options.target);
    set(&mut invocation.user, &options.user);
    set(&mut invocation.client, &options.client);
    set(&mut invocation.transport, &options.transport);
    set(&mut invocation.token, &options.token);
    set(&mut invocation.key, &options.key);
    invocation.protocol = options.protocol.unwrap_or(invocation.protocol);
    invocation
        .headers
        .extend(options.headers.iter().cloned().collect::<BTreeMap<_, _>>());
    if let Some(text) = &options.data {
        invocation.data = Some(data(text, "--data", invocation.protocol)?);
    }
    if let Some(text) = &options.meta {
        invocation.meta = Some(data(text, "--meta", invocation.protocol)?);
    }
    if !options.items.is_empty() {
        invocation.items.clone_from(&options.items);
    }
    if let (Some(state), Some(channel)) = (&options.state, &invocation.channel) {
        invocation.events = vec![ChannelEvent {
            channel: channel.clone(),
            event_type: state.clone(),
            time_ms: 0,
        }];
    }
    invocation.two_way |= options.two_way || !options.publish.is_empty();
    let timeout = options
        .timeout
        .map(|limit| limit.as_millis().try_into().unwrap_or(u64::MAX));
    invocation.timeout_ms = timeout.or(invocation.timeout_ms).or(Some(10_000));
    Ok(invocation)
}

fn print(options: &Options, answer: &Answer) -> Result<(), Box<dyn Error>> {
    if options.format == Format::Json {
        return print_line(&printable_json(&serde_json::to_string_pretty(answer)?));
    }
    let text = answer_text(answer);
    print_line(text.trim_end_matches('\n'))?;
    print_help_for_secret(answer);
    print_log(&answer.log);
    Ok(())
}

fn print_line(text: &str) -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.write_all(b"\n")?;
    Ok(output.flush()?)
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("write a key and a value, such as x-tenant=a")?;
    Ok((key.to_owned(), value.to_owned()))
}

fn item(text: &str) -> Result<PollItem, String> {
    let (key, version) = match text.split_once('=') {
        Some((key, version)) => (key, version.parse().map_err(|_| "the version is no number")?),
        None => (text, 0),
    };
    Ok(PollItem {
        key: key.to_owned(),
        version,
    })
}
