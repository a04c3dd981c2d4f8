//! RoadRunner's RPC with a `metrics` plugin, for tests. It can do what the real one does only when it fails.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::goridge::{Header, frame};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behavior {
    Answers,
    /// The first connection is closed after this number of answers.
    ClosesAfter(usize),
    Hangs,
    HasNoPlugin,
}

pub(super) struct FakePlugin {
    address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    connections: usize,
    /// The keys of the plugin, with the whole names.
    declared: BTreeMap<String, String>,
    /// The whole names in Prometheus' registry.
    registered: BTreeSet<String>,
    values: BTreeMap<String, f64>,
    log: Vec<String>,
}

impl FakePlugin {
    pub(super) fn start(behavior: Behavior) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = shared.clone();
                let connection = {
                    let mut state = shared.lock().unwrap();
                    state.connections += 1;
                    state.connections
                };
                let limit = match behavior {
                    Behavior::ClosesAfter(count) if connection == 1 => count,
                    _ => usize::MAX,
                };
                thread::spawn(move || serve(stream.unwrap(), &shared, behavior, limit));
            }
        });
        Self { address, state }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    pub(super) fn log(&self) -> Vec<String> {
        self.state.lock().unwrap().log.clone()
    }

    /// Returns the value of a time series: the name, and after spaces the values of the labels.
    pub(super) fn value(&self, series: &str) -> Option<f64> {
        self.state.lock().unwrap().values.get(series).copied()
    }

    pub(super) fn wait_for(&self, series: &str, value: f64) {
        wait(|| self.value(series) == Some(value), series);
    }

    pub(super) fn wait_for_connection(&self) {
        wait(|| self.connections() > 0, "a connection");
    }
}

fn wait(is_there: impl Fn() -> bool, what: &str) {
    let end = Instant::now() + Duration::from_secs(10);
    while !is_there() {
        assert!(Instant::now() < end, "{what} is missing");
        thread::sleep(Duration::from_millis(5));
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, behavior: Behavior, limit: usize) {
    for _ in 0..limit {
        let mut bytes = [0; 20];
        if stream.read_exact(&mut bytes).is_err() {
            return;
        }
        let header = Header::parse(&bytes).unwrap().unwrap();
        assert_eq!(header.flags, frame::JSON);
        let &[seq, method_len] = header.options() else {
            panic!("a call has two options");
        };
        let mut payload = vec![0; header.payload_len];
        stream.read_exact(&mut payload).unwrap();
        let (method, argument) = payload.split_at(method_len as usize);
        let text = std::str::from_utf8(method).unwrap();
        let result = match behavior {
            Behavior::Hangs => continue,
            Behavior::HasNoPlugin => Err(format!("rpc: can't find service {text}")),
            _ => state
                .lock()
                .unwrap()
                .call(text, &serde_json::from_slice(argument).unwrap()),
        };
        let (flags, body) = match result {
            Ok(()) => (frame::JSON, "true".to_owned()),
            Err(text) => (frame::JSON | frame::ERROR, text),
        };
        let mut answer = Vec::new();
        Header::new(flags, method.len() + body.len())
            .option(seq)
            .option(method_len)
            .encode(&mut answer)
            .unwrap();
        answer.extend_from_slice(method);
        answer.extend_from_slice(body.as_bytes());
        stream.write_all(&answer).unwrap();
    }
    // A reset instead of a regular end could discard answers that the client has not read yet.
    let _ = stream.shutdown(Shutdown::Write);
    let _ = io::copy(&mut stream, &mut io::sink());
}

impl State {
    /// Does what `rpc.go` of the plugin does.
    fn call(&mut self, method: &str, argument: &Value) -> Result<(), String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        match method {
            "metrics.Declare" => {
                let key = text(&argument["name"]);
                if self.declared.contains_key(&key) {
                    self.log
                        .push(format!("metric with provided name already exist: {key}"));
                    return Ok(());
                }
                let name = match text(&argument["collector"]["namespace"]) {
                    namespace if namespace.is_empty() => key.clone(),
                    namespace => format!("{namespace}_{key}"),
                };
                if name.starts_with("refused") || !self.registered.insert(name.clone()) {
                    return Err("duplicate metrics collector registration attempted".into());
                }
                self.declared.insert(key, name);
            }
            "metrics.Unregister" => {
                let name = self.declared.remove(argument.as_str().unwrap());
                self.registered.remove(&name.ok_or("undefined collector")?);
            }
            "metrics.Add" | "metrics.Set" => {
                let key = text(&argument["Name"]);
                if !self.declared.contains_key(&key) {
                    self.log.push(format!("undefined collector: {key}"));
                    return Err(format!("undefined collector {key}"));
                }
                let labels = argument["Labels"].as_array().unwrap();
                let series = labels
                    .iter()
                    .fold(key, |series, label| series + " " + label.as_str().unwrap());
                let value = self.values.entry(series).or_default();
                let change = argument["Value"].as_f64().unwrap();
                *value = if method == "metrics.Set" {
                    change
                } else {
                    *value + change
                };
            }
            other => panic!("a call of {other}"),
        }
        Ok(())
    }
}
