//! Publishes for the benchmark: reads lines with a number of milliseconds and prints a line of measurements for each.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use centrifugo::api::Client;
use peers::services::api::PublishRequest;
use peers::services::api::centrifugo_api_client::CentrifugoApiClient;
use speed::percentile;
use tokio::sync::Mutex;
use tonic::transport::Channel;

const CHANNEL: &str = "chat:1";

/// The client that publishes.
#[derive(Clone)]
enum Way {
    Ours(Client),
    /// Each call waits for the answer of the previous one.
    OneAtATime(Arc<Mutex<Client>>),
    Tonic(CentrifugoApiClient<Channel>),
}

impl Way {
    async fn new(name: &str, address: &str, key: &str) -> Result<Self, Box<dyn Error>> {
        let roadrunner = || Client::roadrunner(format!("tcp://{address}")).build();
        Ok(match name {
            "roadrunner" => Self::Ours(roadrunner()?),
            "one-at-a-time" => Self::OneAtATime(Arc::new(Mutex::new(roadrunner()?))),
            "grpc" => Self::Ours(Client::grpc(format!("grpc://{address}")).build()?),
            "http" => Self::Ours(Client::http(format!("http://{address}")).key(key).build()?),
            "tonic" => {
                let channel = Channel::from_shared(format!("http://{address}"))?
                    .connect()
                    .await?;
                Self::Tonic(CentrifugoApiClient::new(channel))
            }
            _ => return Err(format!("there is no way `{name}`").into()),
        })
    }

    async fn publish(&mut self, data: &str) {
        match self {
            Self::Ours(client) => {
                client
                    .publish_bytes(CHANNEL, data.to_owned())
                    .await
                    .expect("a result");
            }
            Self::OneAtATime(client) => {
                let client = client.lock().await;
                client
                    .publish_bytes(CHANNEL, data.to_owned())
                    .await
                    .expect("a result");
            }
            Self::Tonic(client) => {
                let request = PublishRequest {
                    channel: CHANNEL.into(),
                    data: data.as_bytes().into(),
                    ..Default::default()
                };
                let response = client.publish(request).await.expect("an answer").into_inner();
                assert_eq!(response.error, None);
            }
        }
    }
}

async fn run(mut way: Way, data: String, start: Instant, limit: Duration) -> Vec<u64> {
    let mut latencies = Vec::new();
    let mut before = start;
    while before - start < limit {
        way.publish(&data).await;
        let now = Instant::now();
        latencies.push((now - before).as_nanos() as u64);
        before = now;
    }
    latencies
}

/// Usage: `publisher WAY ADDRESS UNDER_WAY KEY DATA`.
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [way, address, under_way, key, data] = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "`publisher WAY ADDRESS UNDER_WAY KEY DATA`")?;
    let way = Way::new(&way, &address, &key).await?;
    let under_way: usize = under_way.parse()?;
    for line in io::stdin().lines() {
        let limit = Duration::from_millis(line?.parse()?);
        let start = Instant::now();
        let tasks: Vec<_> = (0..under_way)
            .map(|_| tokio::spawn(run(way.clone(), data.clone(), start, limit)))
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await?);
        }
        let elapsed = start.elapsed().as_nanos();
        all.sort_unstable();
        println!(
            "{elapsed} {} {} {}",
            all.len(),
            percentile(&all, 50),
            percentile(&all, 99)
        );
    }
    Ok(())
}
