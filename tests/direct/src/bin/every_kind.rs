//! A handler for each of the twelve kinds of events, which prints its request.

use centrifugo::extract::Incoming;
use centrifugo::proto::proxy::{
    ConnectRequest, MapPublishRequest, MapRemoveRequest, NotifyCacheEmptyRequest, NotifyChannelStateRequest,
    PublishRequest, RefreshRequest, RpcRequest, SharedPollRefreshRequest, SubRefreshRequest,
    SubscribeRequest,
};
use centrifugo::reply::{self, Publication, Time};
use centrifugo::{Data, Error, Json, Metadata};
use tokio_stream::StreamExt as _;

#[centrifugo::connect]
fn connect(request: ConnectRequest, metadata: Metadata) -> reply::Connect {
    eprintln!("{request:?}");
    let tenant: Vec<_> = metadata.all("x-tenant").collect();
    reply::Connect::user("42").data(&tenant)
}

#[centrifugo::refresh]
fn refresh(request: RefreshRequest) -> Result<reply::Refresh, Error> {
    eprintln!("{request:?}");
    match request.user.as_str() {
        "broken" => Err(Error::internal("the database")),
        "expired" => Ok(reply::Refresh::expired()),
        _ => Ok(reply::Refresh::extend_to(Time::from_unix_seconds(2_000_000_000))),
    }
}

#[centrifugo::subscribe(channel = "*")]
fn subscribe(request: SubscribeRequest) -> reply::Subscribe {
    eprintln!("{request:?}");
    reply::Subscribe::allow()
}

#[centrifugo::publish(channel = "*")]
fn publish(request: PublishRequest) -> reply::Publish {
    eprintln!("{request:?}");
    reply::Publish::allow()
}

#[centrifugo::sub_refresh(channel = "*")]
fn sub_refresh(request: SubRefreshRequest) -> reply::SubRefresh {
    eprintln!("{request:?}");
    reply::SubRefresh::extend_to(Time::from_unix_seconds(2_000_000_000))
}

#[centrifugo::rpc("*")]
fn rpc(request: RpcRequest, data: Data) -> Data {
    eprintln!("{request:?}");
    data
}

#[centrifugo::rpc("wait")]
async fn wait(Json(milliseconds): Json<u64>) {
    tokio::time::sleep(std::time::Duration::from_millis(milliseconds)).await;
}

#[centrifugo::notify_channel_state]
fn channel_state(request: NotifyChannelStateRequest) {
    eprintln!("{request:?}");
}

#[centrifugo::notify_cache_empty(channel = "*")]
fn cache_empty(request: NotifyCacheEmptyRequest) -> reply::CacheEmpty {
    eprintln!("{request:?}");
    reply::CacheEmpty::populated()
}

#[centrifugo::map_publish(channel = "*")]
fn map_publish(request: MapPublishRequest) -> reply::MapPublish {
    eprintln!("{request:?}");
    reply::MapPublish::allow()
}

#[centrifugo::map_remove(channel = "*")]
fn map_remove(request: MapRemoveRequest) -> reply::MapRemove {
    eprintln!("{request:?}");
    reply::MapRemove::allow()
}

#[centrifugo::shared_poll_refresh(channel = "*")]
fn shared_poll(request: SharedPollRefreshRequest) -> reply::SharedPoll {
    eprintln!("{request:?}");
    request
        .items
        .iter()
        .fold(reply::SharedPoll::new(), |reply, item| {
            reply.item(item.key.as_str(), item.version + 1, &"new")
        })
}

#[centrifugo::subscribe_stream(channel = "count:{last}")]
fn count(last: u64, request: SubscribeRequest) -> reply::Stream {
    eprintln!("{request:?}");
    let numbers = tokio_stream::iter(1..=last).map(|number| Publication::json(&number).tag("of", "count"));
    reply::Stream::new(reply::Subscribe::allow(), numbers)
}

#[centrifugo::subscribe_stream(channel = "broken")]
fn broken() -> reply::Stream {
    let numbers = tokio_stream::iter([Ok(Publication::json(&1)), Err(Error::internal("the feed"))]);
    reply::Stream::new(reply::Subscribe::allow(), numbers)
}

#[centrifugo::subscribe_stream(channel = "echo")]
fn echo(incoming: Incoming) -> reply::Stream {
    let echoed = incoming.map(|publication| Publication::bytes(publication.data.into_bytes()));
    reply::Stream::new(reply::Subscribe::allow(), echoed)
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
