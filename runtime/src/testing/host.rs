//! A host that starts a worker process and talks to it as RoadRunner does.

use std::collections::BTreeMap;
use std::fmt;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use centrifugo_proto::proxy;
use prost::Message;

use super::answer::Answer;
use super::host_error::HostError;
use super::pipes::{Pipes, RelayKind};
use super::process::Process;
use super::received::Received;
use super::relay_listener::open;
use super::request::requests;
use super::request::{Request, RequestFields};
use crate::event::{EventKind, Kind, markers};
use crate::goridge::{Header, frame};

/// How long RoadRunner waits for a worker to end before it kills it.
const KILL_TIMEOUT: Duration = Duration::from_secs(10);

/// A worker process and its relay, driven as RoadRunner drives them.
///
/// ```no_run
/// use std::process::Command;
/// use centrifugo::testing::Host;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let mut host = Host::spawn(Command::new("target/debug/quickstart"))?;
/// let answer = host.rpc("greet").user("42").json("Ann").send()?;
/// assert_eq!(answer.json::<String>()?, "hello Ann");
/// assert!(host.stop()?.success());
/// # Ok(())
/// # }
/// ```
pub struct Host {
    process: Process,
    pipes: Pipes,
    limit: Duration,
}

/// Settings of a [`Host`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct HostBuilder {
    relay: RelayKind,
    limit: Duration,
}

impl HostBuilder {
    /// Sets the relay. The default is pipes.
    pub fn relay(mut self, relay: RelayKind) -> Self {
        self.relay = relay;
        self
    }

    /// Sets the time limit for each answer. The default is 10 s.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Starts the worker and performs the handshake. If that fails, the worker is killed.
    ///
    /// # Errors
    ///
    /// Fails if the worker does not start, ends before the handshake, or does not answer with its process id.
    pub fn spawn(self, mut command: Command) -> Result<Host, HostError> {
        command.env("RR_MODE", "centrifuge").env("RR_VERSION", "2025.1");
        let (process, pipes) = open(self.relay, self.limit, &mut command)?;
        let mut host = Host {
            process,
            pipes,
            limit: self.limit,
        };
        match host.shake_hands() {
            Ok(()) => Ok(host),
            // A worker that closes the relay is about to end.
            Err(error @ (HostError::Io(_) | HostError::Unexpected(Received::Closed))) => {
                let ended = host.process.end_within(self.limit).map_err(HostError::Io)?;
                Err(ended.map_or(error, HostError::Ended))
            }
            Err(error) => Err(error),
        }
    }
}

impl Host {
    /// Starts a worker with pipes and performs the handshake.
    ///
    /// # Errors
    ///
    /// Fails if the worker does not start, or does not answer with its process id.
    pub fn spawn(command: Command) -> Result<Self, HostError> {
        Self::builder().spawn(command)
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> HostBuilder {
        HostBuilder {
            relay: RelayKind::Pipes,
            limit: Duration::from_secs(10),
        }
    }

    /// Returns the worker's process id.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    requests!(&mut Self);

    /// Sends raw bytes.
    ///
    /// # Errors
    ///
    /// Fails if the relay is closed.
    pub fn send_raw(&mut self, bytes: &[u8]) -> Result<(), HostError> {
        self.pipes.write(bytes)
    }

    /// Sends an event with a context from the test, and does not wait for the answer.
    ///
    /// # Errors
    ///
    /// Fails if the relay is closed.
    pub fn send_event(&mut self, context: &[u8], body: &[u8]) -> Result<(), HostError> {
        let payload = [context, body].concat();
        let len = u32::try_from(context.len()).unwrap_or(u32::MAX);
        self.pipes
            .frame(Header::new(frame::PROTO, payload.len()).option(len), &payload)
    }

    /// Waits for the next frame of the worker.
    ///
    /// # Errors
    ///
    /// Fails if the worker sends nothing in time.
    pub fn receive(&mut self) -> Result<Received, HostError> {
        self.pipes.receive(self.limit)
    }

    fn shake_hands(&mut self) -> Result<(), HostError> {
        self.command(&format!(r#"{{"pid":{}}}"#, std::process::id()))?;
        match self.receive()? {
            Received::Control(answer) if answer == format!(r#"{{"pid":{}}}"#, self.pid()).into_bytes() => {
                Ok(())
            }
            other => Err(HostError::Unexpected(other)),
        }
    }

    fn command(&mut self, json: &str) -> Result<(), HostError> {
        self.pipes.frame(
            Header::new(frame::CONTROL | frame::JSON, json.len()),
            json.as_bytes(),
        )
    }

    /// Sends the stop command and waits until the worker ends. After 10 s it is killed, as RoadRunner does.
    ///
    /// # Errors
    ///
    /// Fails if the worker had to be killed.
    pub fn stop(mut self) -> Result<ExitStatus, HostError> {
        self.command(r#"{"stop":true}"#)?;
        self.wait()
    }

    /// Closes the relay, as RoadRunner does at its end, and waits until the worker ends.
    ///
    /// # Errors
    ///
    /// Fails if the worker had to be killed.
    pub fn hang_up(mut self) -> Result<ExitStatus, HostError> {
        self.pipes.hang_up();
        self.wait()
    }

    /// Waits until the worker ends. After 10 s it is killed.
    ///
    /// # Errors
    ///
    /// Fails if the worker had to be killed.
    pub fn wait(&mut self) -> Result<ExitStatus, HostError> {
        let ended = self.process.end_within(KILL_TIMEOUT).map_err(HostError::Io)?;
        ended.ok_or(HostError::NoAnswer(KILL_TIMEOUT))
    }
}

impl<K> Request<&mut Host, K>
where
    K: EventKind + RequestFields,
{
    /// Sends the event and waits for the answer.
    ///
    /// # Errors
    ///
    /// Fails if no answer arrives in time, or if RoadRunner would kill the worker because of the frame that it sent.
    pub fn send(self) -> Result<Answer<K>, HostError> {
        let context = context(K::KIND, &self.headers);
        self.driver.send_event(&context, &self.message.encode_to_vec())?;
        match self.driver.receive()? {
            Received::Answer(body) => Answer::decode(&body).map_err(HostError::Answer),
            Received::Failure(reason) => Ok(Answer::failed(reason)),
            other => Err(HostError::Unexpected(other)),
        }
    }
}

/// Creates the context that RoadRunner's plugin writes. Its `type` comes after a header `type` of the client.
fn context(kind: Kind, headers: &[(String, String)]) -> Vec<u8> {
    let mut map: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (key, value) in [
        (":authority", "127.0.0.1:30000"),
        ("content-type", "application/grpc"),
        ("user-agent", "grpc-go/1.82.0"),
    ] {
        map.entry(key.into()).or_default().push(value);
    }
    for (key, value) in headers {
        map.entry(key.to_ascii_lowercase()).or_default().push(value);
    }
    // RoadRunner has no name for a kind that it does not deliver. The worker must refuse the name of the attribute.
    map.entry("type".into())
        .or_default()
        .push(kind.relay_name().unwrap_or(kind.name()));
    serde_json::to_vec(&map).unwrap_or_default()
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("pid", &self.pid())
            .finish_non_exhaustive()
    }
}
