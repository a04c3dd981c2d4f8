//! Two instances of a program behind one Centrifugo, and one of them gone.

mod support;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use peers::{Client, Direct, Pair, Program, Transport, free_port};
use serde_json::{Value, json};
use support::balancer::Balancer;
use support::{direct, names};

fn backend(transport: Transport) -> Direct {
    direct::backend(env!("CARGO_BIN_EXE_backend"), transport)
}

/// Who answered, of eight clients that each ask twenty times, and what failed.
async fn asked(clients: &[Client]) -> (BTreeSet<u32>, Vec<String>) {
    let calls = clients.iter().map(async |client| {
        let (mut pids, mut failed) = (BTreeSet::new(), Vec::new());
        for _ in 0..20 {
            match client.rpc("pid", &Value::Null).await {
                Ok(pid) => drop(
                    pids.insert(
                        pid.as_u64()
                            .and_then(|pid| u32::try_from(pid).ok())
                            .expect("a pid"),
                    ),
                ),
                Err(error) => failed.push(error),
            }
        }
        (pids, failed)
    });
    let mut all = (BTreeSet::new(), Vec::new());
    for (pids, failed) in futures_util::future::join_all(calls).await {
        all.0.extend(pids);
        all.1.extend(failed);
    }
    all
}

async fn clients(pair: &Pair) -> Vec<Client> {
    let mut clients = Vec::new();
    for user in 0..8 {
        clients.push(Client::user(pair, &user.to_string()).await);
    }
    clients
}

/// Waits until just these answer, and no call fails.
async fn settled(clients: &[Client], expected: &BTreeSet<u32>) {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let (pids, failed) = asked(clients).await;
        if pids == *expected && failed.is_empty() {
            return;
        }
        assert!(
            failed.iter().all(|error| error.starts_with("error 100 ")),
            "{failed:?}"
        );
        assert!(
            Instant::now() < end,
            "{pids:?} of {expected:?} answered, {failed:?}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn pids(programs: &[&Program]) -> BTreeSet<u32> {
    programs.iter().map(|program| program.process.pid()).collect()
}

/// Two instances on one port of two addresses, under one name.
async fn named(round_robin: bool) -> (Pair, Program) {
    let port = free_port();
    let names = names::serve(
        [1, 2].map(|last| Ipv4Addr::new(127, 0, 0, last)).into(),
        round_robin,
    )
    .await;
    let pair = backend(Transport::Grpc)
        .env("WORKER_LISTEN", &format!("127.0.0.1:{port}"))
        .proxy(json!({ "endpoint": format!("dns://{names}/{}:{port}", names::NAME) }))
        .start();
    let second = pair.another_program("second", &[("WORKER_LISTEN", &format!("127.0.0.2:{port}"))]);
    (pair, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn grpc_and_a_name_with_two_addresses_is_one_instance_and_a_spare() {
    let (mut pair, second) = named(false).await;
    let clients = clients(&pair).await;
    settled(&clients, &pids(&[&pair.program])).await;
    pair.program.process.kill();
    settled(&clients, &pids(&[&second])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn grpc_and_a_name_that_says_round_robin_is_both() {
    let (mut pair, second) = named(true).await;
    let clients = clients(&pair).await;
    settled(&clients, &pids(&[&pair.program, &second])).await;
    pair.program.process.kill();
    settled(&clients, &pids(&[&second])).await;
    pair.program.start_again();
    settled(&clients, &pids(&[&pair.program, &second])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn http_and_a_balancer_of_connections_is_both() {
    let balancer = Balancer::start().await;
    let mut pair = backend(Transport::Http).through(balancer.address).start();
    let second = pair.another_program("second", &[]);
    balancer.add(pair.program.http);
    balancer.add(second.http);
    let clients = clients(&pair).await;
    settled(&clients, &pids(&[&pair.program, &second])).await;
    pair.program.process.kill();
    settled(&clients, &pids(&[&second])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn grpc_and_a_balancer_of_connections_is_one_instance_and_a_spare() {
    let balancer = Balancer::start().await;
    let mut pair = backend(Transport::Grpc).through(balancer.address).start();
    let mut second = pair.another_program("second", &[]);
    balancer.add(pair.program.grpc);
    balancer.add(second.grpc);
    let clients = clients(&pair).await;
    // One connection for all rpc events.
    let (answered, failed) = asked(&clients).await;
    assert!(
        answered.len() == 1 && failed.is_empty(),
        "{answered:?} {failed:?}"
    );
    let (gone, left) = if answered == pids(&[&pair.program]) {
        (&mut pair.program, &second)
    } else {
        (&mut second, &pair.program)
    };
    gone.process.kill();
    settled(&clients, &pids(&[left])).await;
}
