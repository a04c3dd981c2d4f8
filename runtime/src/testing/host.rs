//! Starts a worker process and talks to it as RoadRunner does.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use centrifugo_proto::proxy;
use prost::Message;

use super::pipes::Pipes;
use super::request::requests;
use super::{Answer, Received, RelayKind, Request, RequestFields};
use crate::event::{EventKind, Kind, kind};
use crate::transport::goridge::frame::{self, Header};

/// RoadRunner, as far as one worker sees it.
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
    child: Child,
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

/// Why a worker can't be talked to.
#[derive(Debug)]
#[non_exhaustive]
pub enum HostError {
    /// The process does not start, or the stream broke.
    Io(io::Error),
    /// The worker did not answer in time.
    NoAnswer(Duration),
    /// The host hung up before.
    HungUp,
    /// RoadRunner would kill the worker after this.
    Unexpected(Received),
    /// The answer is no response of its kind.
    Answer(crate::BoxError),
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the worker's stream: {error}"),
            Self::NoAnswer(limit) => write!(f, "no answer within {limit:?}"),
            Self::HungUp => f.write_str("the host has hung up"),
            Self::Unexpected(received) => write!(f, "unexpected: {received:?}"),
            Self::Answer(error) => write!(f, "the answer can't be read: {error}"),
        }
    }
}

impl std::error::Error for HostError {}

impl HostBuilder {
    /// The relay; pipes unless set.
    pub fn relay(mut self, relay: RelayKind) -> Self {
        self.relay = relay;
        self
    }

    /// How long to wait for each answer; 10 s unless set.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Starts the worker and shakes hands.
    ///
    /// # Errors
    ///
    /// When it does not start, or does not answer with its pid.
    pub fn spawn(self, mut command: Command) -> Result<Host, HostError> {
        command.env("RR_MODE", "centrifuge").env("RR_VERSION", "2025.1");
        let (child, pipes) = self.start(&mut command).map_err(HostError::Io)?;
        let mut host = Host {
            child,
            pipes,
            limit: self.limit,
        };
        host.command(&format!(r#"{{"pid":{}}}"#, std::process::id()))?;
        match host.receive()? {
            Received::Control(answer) if answer == format!(r#"{{"pid":{}}}"#, host.pid()).into_bytes() => {
                Ok(host)
            }
            other => Err(HostError::Unexpected(other)),
        }
    }

    fn start(self, command: &mut Command) -> io::Result<(Child, Pipes)> {
        match self.relay {
            RelayKind::Pipes => {
                command
                    .env("RR_RELAY", "pipes")
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped());
                let mut child = command.spawn()?;
                let (Some(writer), Some(reader)) = (child.stdin.take(), child.stdout.take()) else {
                    return Err(io::Error::other("the worker has no pipes"));
                };
                Ok((child, Pipes::new(Box::new(writer), Box::new(reader))))
            }
            RelayKind::Tcp => {
                let listener = TcpListener::bind("127.0.0.1:0")?;
                listener.set_nonblocking(true)?;
                let child = command
                    .env("RR_RELAY", format!("tcp://{}", listener.local_addr()?))
                    .stdin(Stdio::null())
                    .spawn()?;
                let stream = self.accept(|| listener.accept())?;
                stream.set_nonblocking(false)?;
                Ok((
                    child,
                    Pipes::new(Box::new(HangUp(stream.try_clone()?)), Box::new(stream)),
                ))
            }
            RelayKind::Unix => {
                let path = std::env::temp_dir().join(format!(
                    "centrifugo-{}-{:?}.sock",
                    std::process::id(),
                    Instant::now()
                ));
                let path = path.to_string_lossy().replace([' ', '{', '}', ':', ','], "");
                let listener = UnixListener::bind(&path)?;
                listener.set_nonblocking(true)?;
                let child = command
                    .env("RR_RELAY", format!("unix://{path}"))
                    .stdin(Stdio::null())
                    .spawn()?;
                let stream = self.accept(|| listener.accept());
                let _ = std::fs::remove_file(&path);
                let stream = stream?;
                stream.set_nonblocking(false)?;
                Ok((
                    child,
                    Pipes::new(Box::new(HangUp(stream.try_clone()?)), Box::new(stream)),
                ))
            }
        }
    }

    fn accept<S, A>(self, accept: impl Fn() -> io::Result<(S, A)>) -> io::Result<S> {
        let end = Instant::now() + self.limit;
        loop {
            match accept() {
                Ok((stream, _)) => return Ok(stream),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < end => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// Shuts a socket down when it is dropped: the other half keeps it open otherwise.
struct HangUp<S: ShutDown>(S);

trait ShutDown {
    fn shut_down(&self);
}

impl ShutDown for std::net::TcpStream {
    fn shut_down(&self) {
        let _ = self.shutdown(std::net::Shutdown::Both);
    }
}

impl ShutDown for std::os::unix::net::UnixStream {
    fn shut_down(&self) {
        let _ = self.shutdown(std::net::Shutdown::Both);
    }
}

impl<S: io::Write + ShutDown> io::Write for HangUp<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<S: ShutDown> Drop for HangUp<S> {
    fn drop(&mut self) {
        self.0.shut_down();
    }
}

impl Host {
    /// Starts a worker with pipes and shakes hands.
    ///
    /// # Errors
    ///
    /// When it does not start, or does not answer with its pid.
    pub fn spawn(command: Command) -> Result<Self, HostError> {
        Self::builder().spawn(command)
    }

    /// Settings first.
    pub fn builder() -> HostBuilder {
        HostBuilder {
            relay: RelayKind::Pipes,
            limit: Duration::from_secs(10),
        }
    }

    /// The worker's process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    requests!(&mut Self);

    /// Sends bytes as they are.
    ///
    /// # Errors
    ///
    /// When the stream broke.
    pub fn send_raw(&mut self, bytes: &[u8]) -> Result<(), HostError> {
        self.pipes.write(bytes)
    }

    /// Sends an event with a context of its own, and does not wait for the answer.
    ///
    /// # Errors
    ///
    /// When the stream broke.
    pub fn send_event(&mut self, context: &[u8], body: &[u8]) -> Result<(), HostError> {
        let payload = [context, body].concat();
        let len = u32::try_from(context.len()).unwrap_or(u32::MAX);
        self.pipes
            .frame(Header::new(frame::PROTO, payload.len()).option(len), &payload)
    }

    /// What the worker sends next.
    ///
    /// # Errors
    ///
    /// When nothing comes in time.
    pub fn receive(&mut self) -> Result<Received, HostError> {
        self.pipes.receive(self.limit)
    }

    fn command(&mut self, json: &str) -> Result<(), HostError> {
        self.pipes.frame(
            Header::new(frame::CONTROL | frame::JSON, json.len()),
            json.as_bytes(),
        )
    }

    /// Sends the stop command and waits for the end; after 10 s the worker is killed, as RoadRunner does.
    ///
    /// # Errors
    ///
    /// When the worker had to be killed.
    pub fn stop(mut self) -> Result<ExitStatus, HostError> {
        self.command(r#"{"stop":true}"#)?;
        self.wait()
    }

    /// Closes the stream, as a RoadRunner that is gone does, and waits for the end.
    ///
    /// # Errors
    ///
    /// When the worker had to be killed.
    pub fn hang_up(mut self) -> Result<ExitStatus, HostError> {
        self.pipes.hang_up();
        self.wait()
    }

    /// Waits for the end, 10 s at most.
    ///
    /// # Errors
    ///
    /// When the worker had to be killed.
    pub fn wait(&mut self) -> Result<ExitStatus, HostError> {
        let limit = Duration::from_secs(10);
        let end = Instant::now() + limit;
        loop {
            if let Some(status) = self.child.try_wait().map_err(HostError::Io)? {
                return Ok(status);
            }
            if Instant::now() > end {
                return Err(HostError::NoAnswer(limit));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl<K> Request<&mut Host, K>
where
    K: EventKind + RequestFields,
{
    /// Sends the event and waits for what becomes of it.
    ///
    /// # Errors
    ///
    /// When no answer comes in time, or RoadRunner would kill the worker for what comes.
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

/// The context that RoadRunner's plugin writes: its own `type` comes after those of the client.
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
    // A kind that RoadRunner does not deliver has no name there: the worker must not know it.
    map.entry("type".into())
        .or_default()
        .push(kind.relay_name().unwrap_or(kind.name()));
    serde_json::to_vec(&map).unwrap_or_default()
}
