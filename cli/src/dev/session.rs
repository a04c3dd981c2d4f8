//! One run of `dev`, from its start to Ctrl-C.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::console::{Api, Console, Sender};
use super::events::Assembler;
use super::hub::Hub;
use super::options::Options;
use super::program::Environment;
use super::program_switch::ProgramSwitch;
use super::proxy::{Observer, Proxy};
use super::recording::Recordings;
use super::services::Services;
use super::sources::{Project, Watched, watch};
use super::starter::Starter;
use super::state::{ProjectState, State};
use super::supervisor::Supervisor;
use super::terminal::Terminal;
use super::{keys, ports};
use crate::env_file::read_env_file;
use crate::recording::Removed;

/// How often a recording that cannot be written is noticed.
const RECORDING_CHECK: Duration = Duration::from_secs(1);

/// Runs until Ctrl-C, SIGTERM or the end of the terminal.
pub(crate) fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let terminal = Terminal::new(options.style);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let result = runtime.block_on(session(options, &terminal));
    terminal.flush();
    // Blocking tasks, such as a description that is awaited, do not hold up the end.
    runtime.shutdown_background();
    result
}

async fn session(options: Options, terminal: &Terminal) -> Result<(), Box<dyn Error>> {
    // First of all, so that Ctrl-C at any later moment ends all programs in order.
    let stop = stop_signal()?;
    // Before the ports of Centrifugo, of which the next free one is used too.
    let listener = ports::bind_from(options.listen).await?;
    let proxy_address = listener.local_addr()?;
    let console_listener = ports::bind_from(([127, 0, 0, 1], options.console_port).into()).await?;
    let console_address = console_listener.local_addr()?;
    let prepared = Services::prepare(&options.centrifugo, terminal)?;
    let mut environment = Environment {
        arguments: options.arguments.clone(),
        file: match &options.env_file {
            Some(path) => read_env_file(path)?,
            None => Vec::new(),
        },
        defaults: [
            // The log lines can be read, and say to which event they belong.
            ("WORKER_LOG", "json"),
            ("RUST_LOG", "info,centrifugo::event=info"),
            ("WORKER_BANNER", "off"),
            ("RUST_BACKTRACE", "1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
    };
    let sets_api = prepared.give_api(&mut environment);

    if proxy_address.port() != options.listen.port() && options.listen.port() != 0 {
        terminal.warning(&format!(
            "port {} is in use; the proxy listens at {proxy_address}",
            options.listen.port()
        ));
    }

    if console_address.port() != options.console_port && options.console_port != 0 {
        terminal.warning(&format!(
            "port {} is in use; the console listens on port {}",
            options.console_port,
            console_address.port()
        ));
    }

    let project = Project::find(&options.program);
    let state = State {
        project: ProjectState {
            name: project.name.clone(),
            path: project.root.display().to_string(),
        },
        ..State::default()
    };
    let hub = Arc::new(Hub::new(state, terminal.clone()));
    let removed = Removed::new(&options.removed);
    let recordings =
        Recordings::new(options.record.as_deref(), removed, project.root.clone()).map_err(|error| {
            let path = options.record.as_deref().unwrap_or(&project.root);
            format!("{}: {error}", path.display())
        })?;
    let recordings = Arc::new(recordings);

    let (observer, observations) = Observer::new();
    let proxy = Proxy::new(observer.clone());
    let (handlers, handlers_view) = watch::channel(Arc::default());
    let (description, description_view) = watch::channel(None);
    let services = {
        tokio::spawn(Services::find_version(
            prepared.executable.clone(),
            Arc::clone(&hub),
        ));
        prepared.into_services(&environment, sets_api, proxy_address, &hub, terminal)
    };
    let assembler = Assembler::new(
        handlers_view,
        Arc::clone(&hub),
        Arc::clone(&recordings),
        terminal.clone(),
    );
    let api = Api {
        hub: Arc::clone(&hub),
        sender: Sender {
            proxy: proxy.clone(),
            description: description_view,
        },
        recordings: Arc::clone(&recordings),
        centrifugo: services.view(),
    };
    let token = keys::random_key()?;
    terminal.note(&format!(
        "console: http://127.0.0.1:{}/?token={token}",
        console_address.port()
    ));
    terminal.note(&format!("Centrifugo's events come to grpc://{proxy_address}"));
    if let Some(path) = &options.record {
        terminal.note(&format!("recording events to {}", path.display()));
    }
    let mut tasks = JoinSet::new();
    tasks.spawn(assembler.run(observations));
    tasks.spawn(proxy.clone().serve(listener));
    tasks.spawn(Console::new(api, token, console_address).serve(console_listener));
    tasks.spawn(watch_recording(recordings, terminal.clone()));

    let now = SystemTime::now();
    let watched = Watched {
        folders: match options.program.executable {
            Some(_) => Vec::new(),
            None => project.folders.into_iter().collect(),
        },
        target: project.target,
        files: project.files.into_iter().map(|file| (file, now)).collect(),
        env_file: options.env_file.clone(),
        config: options.centrifugo.config.clone(),
    };
    let watched = Arc::new(Mutex::new(watched));
    let starter = Starter {
        environment,
        proxy_address,
        observer,
        terminal: terminal.clone(),
    };
    let mut supervisor = Supervisor {
        options: options.program,
        env_file: options.env_file,
        program: ProgramSwitch::new(
            starter,
            proxy,
            handlers,
            description,
            Arc::clone(&hub),
            terminal.clone(),
        ),
        services,
        changes: watch(Arc::clone(&watched)),
        watched,
        hub,
        terminal: terminal.clone(),
    };
    let mut stop = stop;
    tokio::select! {
        () = supervisor.work() => {}
        _ = stop.changed() => {}
    }
    terminal.note("stopping; press Ctrl-C again to stop at once");
    tokio::select! {
        () = supervisor.stop() => {}
        // What still runs is killed by its guard.
        _ = stop.changed() => {}
    }
    tasks.abort_all();
    Ok(())
}

/// Counts the signals that ask this process to end.
fn stop_signal() -> std::io::Result<watch::Receiver<u32>> {
    let (sender, receiver) = watch::channel(0);
    for kind in [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ] {
        let mut signals = signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                sender.send_modify(|count| *count += 1);
            }
        });
    }
    Ok(receiver)
}

/// Says when a recording cannot be written any more, and which events it leaves out.
async fn watch_recording(recordings: Arc<Recordings>, terminal: Terminal) {
    loop {
        tokio::time::sleep(RECORDING_CHECK).await;
        if let Some(error) = recordings.take_problem() {
            terminal.error(&format!("the recording cannot be written any more: {error}"));
        }
        for (reason, count) in recordings.take_left_out() {
            terminal.warning(&format!(
                "events that are not in the recording: {count} ({reason})"
            ));
        }
    }
}
