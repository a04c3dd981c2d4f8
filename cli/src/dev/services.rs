//! Centrifugo beside the program: its configuration follows the handlers.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::centrifugo::{self, DevSettings, GeneratedFile, Node, NodeEnvironment, OwnFile};
use super::console::CentrifugoView;
use super::hub::Hub;
use super::keys;
use super::options::CentrifugoOptions;
use super::ports::ReservedPort;
use super::program::Environment;
use super::terminal::Terminal;
use crate::check::Level;
use crate::description::Description;
use crate::process::Exit;

/// The port of Centrifugo's clients, as its documentation has it.
const PORT: u16 = 8000;
/// The port of Centrifugo's gRPC API, as its documentation has it.
const API_PORT: u16 = 10_000;

/// Centrifugo, which may be missing.
pub(crate) struct Services {
    executable: Option<PathBuf>,
    own_file: Option<OwnFile>,
    settings: DevSettings,
    /// The ports in the settings.
    ports: [ReservedPort; 2],
    /// Whether `dev` chooses the API that the program calls.
    sets_api: bool,
    proxy: SocketAddr,
    generated: GeneratedFile,
    node: Option<Node>,
    /// What Centrifugo runs with.
    current: Option<Value>,
    /// The findings that were printed last.
    printed: Vec<String>,
    view: Arc<Mutex<CentrifugoView>>,
    hub: Arc<Hub>,
    terminal: Terminal,
}

impl Services {
    /// Finds Centrifugo and chooses its ports. Says how to get it if it is missing.
    ///
    /// # Errors
    ///
    /// Returns an error if a file that the options name cannot be used.
    pub(crate) fn prepare(options: &CentrifugoOptions, terminal: &Terminal) -> Result<Prepared, String> {
        let executable = if options.is_off {
            None
        } else {
            let found = centrifugo::find(options.executable.as_deref())?;
            if found.is_none() {
                terminal.warning(centrifugo::HOW_TO_GET);
            }
            found
        };
        let own_file = options.config.as_deref().map(OwnFile::read).transpose()?;
        let text = |error: io::Error| error.to_string();
        let wanted = options.port.or_else(|| own_file.as_ref()?.port()).unwrap_or(PORT);
        let (clients, api) = if executable.is_some() {
            let reserve = |port| ReservedPort::from(port).map_err(text);
            (reserve(wanted)?, reserve(API_PORT)?)
        } else {
            // Another Centrifugo may have them, which is not started here.
            (
                ReservedPort::unreserved(wanted),
                ReservedPort::unreserved(API_PORT),
            )
        };
        if clients.port() != wanted {
            terminal.warning(&format!(
                "port {wanted} is in use; Centrifugo's clients connect to port {}",
                clients.port()
            ));
        }
        if api.port() != API_PORT {
            terminal.warning(&format!(
                "port {API_PORT} is in use; Centrifugo's API listens on port {}",
                api.port()
            ));
        }
        let own_key = own_file.as_ref().and_then(OwnFile::token_key);
        let new_key = keys::random_key().map_err(text)?;
        let settings = DevSettings {
            port: clients.port(),
            api_port: api.port(),
            api_key: keys::random_key().map_err(text)?,
            token_key: own_key.unwrap_or(new_key),
        };
        Ok(Prepared {
            executable,
            own_file,
            settings,
            ports: [clients, api],
            generated: GeneratedFile::new().map_err(text)?,
        })
    }

    /// Prints what the check says about the configuration, but for notes, if it says something else than before.
    pub(crate) fn print_findings(&mut self, description: &Description) {
        let view = self.view.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let findings = view.findings(description).into_iter();
        let findings: Vec<_> = findings
            .filter(|finding| finding.level != Level::Note)
            .map(|finding| {
                let path = finding.path.map_or_else(String::new, |path| format!("{path}: "));
                format!("configuration: {path}{}", finding.message)
            })
            .collect();
        if findings != self.printed {
            for finding in &findings {
                self.terminal.warning(finding);
            }
            self.printed = findings;
        }
    }

    /// Returns what the page may know.
    pub(crate) fn view(&self) -> Arc<Mutex<CentrifugoView>> {
        Arc::clone(&self.view)
    }

    /// Makes Centrifugo use the configuration for the handlers: starts it, has it read its configuration again, or starts it
    /// again.
    pub(crate) async fn follow(&mut self, from_handlers: Option<&Map<String, Value>>) {
        let config = match &self.own_file {
            // The file is the same, whatever the handlers are.
            Some(_) => Value::Null,
            None => centrifugo::configuration(from_handlers, &self.settings),
        };
        if let Some(exit) = self.node.as_ref().and_then(Node::exit) {
            self.has_exited(&exit);
        }
        match &self.current {
            Some(old) if self.node.is_some() => {
                if *old == config {
                    return;
                }
                if !centrifugo::needs_restart(old, &config) {
                    self.reload(config).await;
                    return;
                }
                self.terminal
                    .note("the configuration of Centrifugo has changed; starting it again");
                self.restart(config).await;
            }
            _ => self.start(config).await,
        }
    }

    /// Starts Centrifugo again with the same configuration if it has ended.
    pub(crate) async fn revive(&mut self) {
        if self.executable.is_some()
            && self.node.is_none()
            && let Some(config) = self.current.take()
        {
            self.start(config).await;
        }
    }

    /// Uses the changed configuration file of the user. Centrifugo is first started for the first program.
    pub(crate) async fn config_changed(&mut self) {
        let Some(file) = &self.own_file else {
            return;
        };
        match OwnFile::read(&file.path) {
            Ok(file) => {
                self.own_file = Some(file);
                if self.current.is_none() {
                    return;
                }
                self.terminal
                    .note("Centrifugo's configuration file has changed; starting it again");
                self.restart(Value::Null).await;
            }
            Err(error) => self.terminal.error(&error),
        }
    }

    /// Makes the running Centrifugo read a configuration. If it cannot be written, Centrifugo goes on with the old one, and the next
    /// change tries it again.
    async fn reload(&mut self, config: Value) {
        if let Err(error) = self.generated.write(&config) {
            self.terminal.error(&format!(
                "Centrifugo's configuration cannot be written, and the old one stays in use: {error}"
            ));
            return;
        }
        if let Some(node) = &mut self.node {
            node.reload().await;
        }
        // Centrifugo logs why it refuses a configuration, and goes on with the old one.
        self.terminal
            .note("the options of channels have changed; Centrifugo is told to read them");
        self.change_configuration(|view| view.content = config.clone());
        self.current = Some(config);
    }

    async fn restart(&mut self, config: Value) {
        let prepared = self.prepare_start(config);
        self.hub.change(|state| state.centrifugo.running = false);
        if let Some(node) = self.node.take() {
            node.stop().await;
        }
        self.start_prepared(prepared).await;
    }

    async fn start(&mut self, config: Value) {
        let prepared = self.prepare_start(config);
        self.start_prepared(prepared).await;
    }

    /// Writes the configuration, and shows it to the page, which may ask for it before Centrifugo runs. Returns the file.
    fn prepare_start(&mut self, config: Value) -> io::Result<(PathBuf, NodeEnvironment)> {
        let (file, content, environment) = match &self.own_file {
            Some(own) => {
                let environment = NodeEnvironment {
                    is_inherited: true,
                    variables: own.environment(self.proxy, &self.settings, self.sets_api),
                };
                (Ok(own.path.clone()), own.content.clone(), environment)
            }
            None => (
                self.generated.write(&config),
                config.clone(),
                NodeEnvironment::default(),
            ),
        };
        self.current = Some(config);
        self.change_configuration(|view| {
            view.content = content;
            view.environment = environment.clone();
            if let Ok(file) = &file {
                view.configuration = Some(file.clone());
            }
        });
        Ok((file?, environment))
    }

    async fn start_prepared(&mut self, prepared: io::Result<(PathBuf, NodeEnvironment)>) {
        let (file, environment) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                self.failed(&format!("Centrifugo's configuration cannot be written: {error}"));
                return;
            }
        };
        let Some(executable) = self.executable.clone() else {
            return;
        };
        let port = self.settings.port;
        self.ports.iter_mut().for_each(ReservedPort::release);
        match Node::start(&executable, &file, &environment, port, &self.terminal).await {
            Ok(node) => {
                self.node = Some(node);
                let url = format!("ws://127.0.0.1:{port}/connection/websocket");
                self.terminal.note(&format!("Centrifugo is ready: {url}"));
                let key = self.token_key();
                self.change_view(|view| {
                    view.websocket_url = Some(url.clone());
                    view.token_key = key;
                });
                self.hub.change(|state| {
                    state.centrifugo.running = true;
                    state.centrifugo.url = Some(format!("http://127.0.0.1:{port}"));
                    state.centrifugo.problem = None;
                });
            }
            Err(error) => self.failed(&error.to_string()),
        }
    }

    /// Returns the key that Centrifugo checks tokens with, if it is known.
    fn token_key(&self) -> Option<String> {
        match &self.own_file {
            Some(file) => file.token_key(),
            None => Some(self.settings.token_key.clone()),
        }
    }

    fn failed(&mut self, problem: &str) {
        self.node = None;
        if self.executable.is_some() {
            self.ports.iter_mut().for_each(ReservedPort::hold);
        }
        self.terminal.error(problem);
        self.change_view(|view| view.websocket_url = None);
        self.hub.change(|state| {
            state.centrifugo.running = false;
            state.centrifugo.problem = Some(problem.to_owned());
        });
    }

    /// Changes the configuration that the page shows, and makes it ask for the findings again.
    fn change_configuration(&self, change: impl FnOnce(&mut CentrifugoView)) {
        self.change_view(change);
        self.hub.change(|state| state.centrifugo.configuration += 1);
    }

    fn change_view(&self, change: impl FnOnce(&mut CentrifugoView)) {
        change(&mut self.view.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits until Centrifugo has ended by itself. Never ends if there is none.
    pub(crate) fn exited(&self) -> impl Future<Output = Exit> + Send + use<> {
        let exited = self.node.as_ref().map(Node::exited);
        async move {
            match exited {
                Some(exited) => exited.await,
                None => std::future::pending().await,
            }
        }
    }

    /// Says why Centrifugo has ended. [`follow`](Self::follow) starts it again.
    pub(crate) fn has_exited(&mut self, exit: &Exit) {
        if let Some(node) = self.node.take() {
            let problem = node.explain(exit);
            self.failed(&format!("{problem}; it is started again with the next change"));
        }
    }

    /// Asks Centrifugo for its version, for the console.
    pub(crate) async fn find_version(executable: Option<PathBuf>, hub: Arc<Hub>) {
        let Some(executable) = executable else {
            return;
        };
        if let Some(version) = centrifugo::version(&executable).await {
            hub.change(|state| state.centrifugo.version = Some(version));
        }
    }

    /// Stops Centrifugo.
    pub(crate) async fn stop(&mut self) {
        if let Some(node) = self.node.take() {
            node.stop().await;
        }
    }
}

/// What is known of Centrifugo before anything runs.
pub(crate) struct Prepared {
    pub(crate) executable: Option<PathBuf>,
    own_file: Option<OwnFile>,
    settings: DevSettings,
    ports: [ReservedPort; 2],
    generated: GeneratedFile,
}

impl Prepared {
    /// Gives the program the address of Centrifugo's API, unless it has one already. Returns whether it does.
    pub(crate) fn give_api(&self, environment: &mut Environment) -> bool {
        if environment.get("WORKER_API").is_some() {
            return false;
        }
        environment.defaults.extend([
            (
                "WORKER_API".to_owned(),
                format!("grpc://127.0.0.1:{}", self.settings.api_port),
            ),
            ("WORKER_API_KEY".to_owned(), self.settings.api_key.clone()),
        ]);
        true
    }

    pub(crate) fn into_services(
        mut self,
        environment: &Environment,
        sets_api: bool,
        proxy: SocketAddr,
        hub: &Arc<Hub>,
        terminal: &Terminal,
    ) -> Services {
        if !sets_api && let Some(key) = environment.get("WORKER_API_KEY") {
            self.settings.api_key = key;
        }
        Services {
            executable: self.executable,
            own_file: self.own_file,
            settings: self.settings,
            ports: self.ports,
            sets_api,
            proxy,
            generated: self.generated,
            node: None,
            current: None,
            printed: Vec::new(),
            view: Arc::default(),
            hub: Arc::clone(hub),
            terminal: terminal.clone(),
        }
    }
}
