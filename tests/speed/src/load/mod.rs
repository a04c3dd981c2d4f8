//! Calls a server as fast as it answers, with so many calls under way.
//!
//! A client library costs about as much CPU as a server does, and would hide what the server costs when each has one CPU.
//! So requests are prepared bytes, and of answers no more is read than where they end and whether they are the right ones.

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

/// What one connection says and hears.
pub trait Protocol {
    /// What it says first.
    fn open(&mut self, out: &mut Vec<u8>);

    /// Begins a call; `false` when the server has to make room before.
    fn call(&mut self, now: Instant, out: &mut Vec<u8>) -> bool;

    /// Reads what came and pushes when those calls began that are answered now; how many bytes it has read.
    ///
    /// # Errors
    ///
    /// When an answer is not the right one.
    fn read(&mut self, bytes: &[u8], out: &mut Vec<u8>, begun: &mut Vec<Instant>) -> io::Result<usize>;
}

/// Some connections to one server.
pub struct Load {
    epoll: std::os::fd::OwnedFd,
    connections: Vec<Connection>,
}

/// What a round gave.
#[derive(Default)]
pub struct Round {
    /// From the first call to the last answer.
    pub elapsed: Duration,
    /// Nanoseconds of each call.
    pub latencies: Vec<u32>,
}

impl Load {
    /// Connects so many times, for so many calls under way in all.
    ///
    /// # Errors
    ///
    /// When nobody listens there.
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
                let connection = Connection::open(address, share, Box::new(protocol()))?;
                // An event comes for each change alone.
                let flags = epoll::EventFlags::IN | epoll::EventFlags::OUT | epoll::EventFlags::ET;
                epoll::add(
                    &epoll,
                    &connection,
                    epoll::EventData::new_u64(index as u64),
                    flags,
                )?;
                Ok(connection)
            })
            .collect::<io::Result<_>>()?;
        Ok(Self { epoll, connections })
    }

    /// Calls for that long, and waits for the last answers.
    ///
    /// # Errors
    ///
    /// When the server goes away, or answers wrongly.
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
