//! A load generator that keeps a fixed number of calls in flight.
//!
//! A client library uses about as much CPU as a server and would limit the server's rate if each has one CPU. Requests are
//! therefore prepared bytes, and answers are only checked for their end and their content.

mod connection;
mod http1;
mod http2;

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::epoll;

use connection::Connection;
pub use http1::Http1;
pub use http2::Http2;

/// The time of the calls that open all connections.
const FIRST_ROUND: Duration = Duration::from_millis(20);

/// The protocol of one connection.
pub trait Protocol {
    /// Writes the opening bytes of the connection.
    fn open(&mut self, out: &mut Vec<u8>);

    /// Writes a call. Returns `false` if flow control does not allow it yet.
    fn call(&mut self, now: Instant, out: &mut Vec<u8>) -> bool;

    /// Reads received bytes and pushes the start of each answered call to `begun`. Returns the number of bytes read.
    ///
    /// # Errors
    ///
    /// If an answer is wrong.
    fn read(&mut self, bytes: &[u8], out: &mut Vec<u8>, begun: &mut Vec<Instant>) -> io::Result<usize>;
}

/// Connections to one server.
pub struct Load {
    epoll: std::os::fd::OwnedFd,
    connections: Vec<Connection>,
}

/// The measurements of a round.
#[derive(Default)]
pub struct Round {
    /// The time from the first call to the last answer.
    pub elapsed: Duration,
    /// The latency of each call in nanoseconds.
    pub latencies: Vec<u32>,
}

impl Load {
    /// Opens connections that share the given number of concurrent calls.
    ///
    /// # Errors
    ///
    /// If the server does not accept connections.
    pub fn open<P: Protocol + 'static>(
        address: SocketAddr,
        connections: usize,
        under_way: usize,
        protocol: impl Fn() -> P,
    ) -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let connections = (0..connections)
            .map(|index| {
                let share = (under_way + index) / connections;
                let mut connection = Connection::open(address, share, Box::new(protocol()))?;
                // Edge-triggered: one event for each change.
                let flags = epoll::EventFlags::IN | epoll::EventFlags::OUT | epoll::EventFlags::ET;
                epoll::add(
                    &epoll,
                    &connection,
                    epoll::EventData::new_u64(index as u64),
                    flags,
                )?;
                // The endpoint closes connections without a call if there are many.
                connection.fill(Instant::now())?;
                Ok(connection)
            })
            .collect::<io::Result<_>>()?;
        let mut load = Self { epoll, connections };
        load.round(FIRST_ROUND)?;
        Ok(load)
    }

    /// Calls for the given time and waits for the remaining answers.
    ///
    /// # Errors
    ///
    /// If the server closes a connection or an answer is wrong.
    pub fn round(&mut self, time: Duration) -> io::Result<Round> {
        let start = Instant::now();
        let mut round = Round::default();
        let mut begun = Vec::new();
        let mut events = Vec::with_capacity(64);
        for connection in &mut self.connections {
            connection.fill(start)?;
        }
        let mut now = start;
        while now - start < time || self.connections.iter().any(Connection::is_busy) {
            events.clear();
            epoll::wait(&self.epoll, spare_capacity(&mut events), None)?;
            for event in &events {
                let connection = &mut self.connections[event.data.u64() as usize];
                connection.read(&mut begun)?;
                now = Instant::now();
                for before in begun.drain(..) {
                    let latency = (now - before).as_nanos();
                    round.latencies.push(u32::try_from(latency).unwrap_or(u32::MAX));
                }
                if now - start < time {
                    connection.fill(now)?;
                } else {
                    connection.flush()?;
                }
            }
        }
        round.elapsed = now - start;
        Ok(round)
    }
}
