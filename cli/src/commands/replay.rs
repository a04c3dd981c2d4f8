//! `cargo centrifugo replay`: sends recorded events again.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::duration_argument::duration;
use super::env_file_option::EnvFileOption;
use super::exit_status::ExitStatus;
use super::target_options::{Target, TargetOptions};
use crate::invoke::Outcome;
use crate::printable::{printable, printable_json_line};
use crate::recording::{RecordingFile, Removed};
use crate::replay::{IgnoredPaths, ReplayFinding, ReplayOptions, Summary, replay};

/// How many changed answers and failed events are printed of a load.
const MAX_PRINTED_OF_LOAD: u64 = 100;
/// How long the exit status of a program whose answers are missing is waited for.
const EXIT_LIMIT: Duration = Duration::from_millis(200);
/// How often a load may be sent in a second.
const MAX_RATE: f64 = 1_000_000.0;

/// Sends the events of a recording to the program, and prints the answers that have changed.
///
/// A recorded `[removed]` is equal to any value. Events whose data is left out of the recording are not sent.
///
/// The events are sent one by one, in their order, unless `--rate` or `--connections` makes a load of them. When a connection or
/// subscription expires is not compared, only whether it does.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo centrifugo replay rules.jsonl --check\n  cargo centrifugo replay rules.jsonl --ignore 'result.data.id'\n  \
                  cargo centrifugo replay rules.jsonl --release --rate 1000 --connections 4 --for 30s\n\nExit codes: 0 success, 1 an answer has \
                  changed (with --check), 2 an event or the command failed."
)]
pub(super) struct Options {
    /// File that `cargo centrifugo record` or the console has written: one event per line.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Ends with exit code 1 if an answer has changed.
    #[arg(long)]
    check: bool,
    /// Part of answers that is not compared, such as result.data.id or result.data.items[*].time. May be given several times.
    #[arg(long, value_name = "PATH")]
    ignore: Vec<String>,
    /// Name of a member whose values are not printed, as `record --remove` has it, beside `password`, `secret` and `token`. May be
    /// given several times.
    #[arg(long, value_name = "NAME")]
    remove: Vec<String>,
    /// Events per second. Events do not wait for the answers to those before.
    #[arg(long, value_name = "NUMBER", value_parser = rate)]
    rate: Option<f64>,
    /// Number of connections over which events are sent at once.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1024))]
    connections: Option<u16>,
    /// Time for which the recording is sent again and again.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    duration: Option<Duration>,
    /// Time limit of each event.
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "10s")]
    timeout: Duration,
    #[command(flatten)]
    env_file: EnvFileOption,
    #[command(flatten)]
    target: TargetOptions,
    /// How the answers are printed. JSON has one object per line, and the summary on the last one.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

impl Options {
    fn is_load(&self) -> bool {
        self.rate.is_some() || self.connections.is_some() || self.duration.is_some()
    }

    fn open_file(&self) -> Result<RecordingFile, Box<dyn Error>> {
        let file = RecordingFile::open(self.file.clone(), self.duration.is_some());
        Ok(file.map_err(|error| format!("{}: {error}", self.file.display()))?)
    }
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    // A missing file is found before a long build.
    let file = options.open_file()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let summary = runtime.block_on(async {
        let target = options.target.open(options.env_file.path(), false).await?;
        let summary = tokio::select! {
            summary = replay_file(options, file, &target) => summary,
            _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
        };
        target.close().await;
        summary
    })?;
    print_summary(options, &summary)?;
    if summary.failed > 0 {
        return Err("events could not be sent, or their answers could not be read".into());
    }
    Ok(match summary.changed {
        0 => ExitStatus::Success,
        _ if options.check => ExitStatus::Findings,
        _ => ExitStatus::Success,
    })
}

async fn replay_file(
    options: &Options,
    file: RecordingFile,
    target: &Target,
) -> Result<Summary, Box<dyn Error>> {
    let mut clients = vec![target.client.clone()];
    for _ in 1..options.connections.unwrap_or(1) {
        clients.push(target.connect().await?);
    }
    let replay_options = ReplayOptions {
        ignored: IgnoredPaths::new(options.ignore.iter().map(String::as_str)),
        removed: Removed::new(&options.remove),
        rate: options.rate,
        timeout: Some(options.timeout),
        end: options.duration.map(|duration| Instant::now() + duration),
    };
    let summary = Arc::new(Mutex::new(Summary::default()));
    let is_load = options.is_load();
    let format = options.format;
    let printed = AtomicU64::new(0);
    let report = move |finding: ReplayFinding| {
        let count = printed.fetch_add(1, Ordering::Relaxed);
        if !is_load || count < MAX_PRINTED_OF_LOAD {
            // Standard output that is closed is found at the summary.
            let _ = print_finding(format, &finding);
        } else if count == MAX_PRINTED_OF_LOAD {
            eprintln!("further changed answers and failed events are only counted");
        }
    };
    replay(file, &clients, &replay_options, &summary, report).await?;
    let summary = summary.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if summary.events() + summary.failed + summary.skipped == 0 {
        return Err(format!("{} has no events", options.file.display()).into());
    }
    if let Some(program) = &target.program {
        // A call fails before the exit status of the program is known.
        let limit = match summary.outcomes.get(&Outcome::Failed) {
            Some(_) => EXIT_LIMIT,
            None => Duration::ZERO,
        };
        if let Ok(exit) = tokio::time::timeout(limit, program.exited()).await {
            return Err(format!("the program ended with {exit} during the replay").into());
        }
    }
    Ok(summary)
}

fn print_finding(format: Format, finding: &ReplayFinding) -> std::io::Result<()> {
    let text = match (format, finding) {
        (Format::Json, _) => printable_json_line(&serde_json::to_string(finding)?) + "\n",
        (Format::Text, ReplayFinding::Changed(changed)) => {
            let target = changed
                .target
                .as_deref()
                .map(|target| format!(" {}", printable(target)));
            let user = changed
                .user
                .as_deref()
                .map(|user| format!(", user {}", printable(user)));
            let mut text = format!(
                "line {}: {}{}{}\n",
                changed.line,
                changed.kind,
                target.unwrap_or_default(),
                user.unwrap_or_default()
            );
            for difference in &changed.differences {
                text += &format!("  {difference}\n");
            }
            text
        }
        (Format::Text, ReplayFinding::Failed(failed)) => format!(
            "line {}: {} failed: {}\n",
            failed.line,
            failed.kind,
            printable(&failed.problem)
        ),
    };
    std::io::stdout().lock().write_all(text.as_bytes())
}

fn print_summary(options: &Options, summary: &Summary) -> Result<(), Box<dyn Error>> {
    let text = match options.format {
        Format::Json => format!("{}\n", json!({ "summary": summary.to_json() })),
        Format::Text => {
            let mut text = format!("{} events, {} answers changed", summary.events(), summary.changed);
            if summary.failed > 0 {
                text += &format!(", {} events failed", summary.failed);
            }
            if summary.skipped > 0 {
                text += &format!(", {} events without their data are not sent", summary.skipped);
            }
            text.push('\n');
            if options.is_load() {
                let outcomes = summary
                    .outcomes
                    .iter()
                    .map(|(outcome, count)| format!("{outcome} {count}"));
                let outcomes = outcomes.collect::<Vec<_>>().join(", ");
                let latencies = summary
                    .percentiles()
                    .map(|(name, duration)| format!("{name} {:.1} ms", duration.as_secs_f64() * 1000.0));
                text += &format!("outcomes: {outcomes}\n");
                text += &format!(
                    "{:.0} events per second in {:.1} s\n",
                    summary.rate(),
                    summary.elapsed.as_secs_f64()
                );
                text += &format!("latency: {}\n", latencies.join(", "));
            }
            text
        }
    };
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.001..=MAX_RATE).contains(rate));
    rate.ok_or_else(|| format!("write a number of events per second, at most {MAX_RATE}"))
}
