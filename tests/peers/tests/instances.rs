//! Two instances of a program behind one Centrifugo, of which one exits.

mod support;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use peers::{Client, DirectSetup, DirectStack, Program, Transport, free_port};
use serde_json::{Value, json};
use support::balancer::Balancer;
use support::{direct, name_server};

fn backend(transport: Transport) -> DirectSetup {
    direct::backend(env!("CARGO_BIN_EXE_backend"), transport)
}

/// Makes twenty calls with each client. Returns the pids that answered, and the errors.
async fn answering_pids(clients: &[Client]) -> (BTreeSet<u32>, Vec<String>) {
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

async fn clients(pair: &DirectStack) -> Vec<Client> {
    let mut clients = Vec::new();
    for user in 0..8 {
        clients.push(Client::connect_as(pair, &user.to_string()).await);
    }
    clients
}

/// Waits until exactly these instances answer and no call fails.
async fn wait_for_instances(clients: &[Client], expected: &BTreeSet<u32>) {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let (pids, failed) = answering_pids(clients).await;
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

/// Starts two instances on two addresses of one name.
async fn start_with_name(round_robin: bool) -> (DirectStack, Program) {
    let port = free_port();
    let names = name_server::serve(
        [1, 2].map(|last| Ipv4Addr::new(127, 0, 0, last)).into(),
        round_robin,
    )
    .await;
    let pair = backend(Transport::Grpc)
        .env("WORKER_LISTEN", &format!("127.0.0.1:{port}"))
        .proxy(json!({ "endpoint": format!("dns://{names}/{}:{port}", name_server::NAME) }))
        .start();
    let second = pair.another_program("second", &[("WORKER_LISTEN", &format!("127.0.0.2:{port}"))]);
    (pair, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn uses_one_of_two_addresses_of_a_name_over_grpc() {
    let (mut pair, second) = start_with_name(false).await;
    let clients = clients(&pair).await;
    wait_for_instances(&clients, &pids(&[&pair.program])).await;
    pair.program.process.kill();
    wait_for_instances(&clients, &pids(&[&second])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uses_both_addresses_of_a_round_robin_name_over_grpc() {
    let (mut pair, second) = start_with_name(true).await;
    let clients = clients(&pair).await;
    wait_for_instances(&clients, &pids(&[&pair.program, &second])).await;
    pair.program.process.kill();
    wait_for_instances(&clients, &pids(&[&second])).await;
    pair.program.start_again();
    wait_for_instances(&clients, &pids(&[&pair.program, &second])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uses_both_instances_behind_a_balancer_over_http() {
    let balancer = Balancer::start().await;
    let mut pair = backend(Transport::Http).through(balancer.address).start();
    let second = pair.another_program("second", &[]);
    balancer.add(pair.program.http);
    balancer.add(second.http);
    let clients = clients(&pair).await;
    wait_for_instances(&clients, &pids(&[&pair.program, &second])).await;
    pair.program.process.kill();
    wait_for_instances(&clients, &pids(&[&second])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uses_one_instance_behind_a_balancer_over_grpc() {
    let balancer = Balancer::start().await;
    let mut pair = backend(Transport::Grpc).through(balancer.address).start();
    let mut second = pair.another_program("second", &[]);
    balancer.add(pair.program.grpc);
    balancer.add(second.grpc);
    let clients = clients(&pair).await;
    // Centrifugo sends all rpc events on one connection.
    let (answered, failed) = answering_pids(&clients).await;
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
    wait_for_instances(&clients, &pids(&[left])).await;
}
