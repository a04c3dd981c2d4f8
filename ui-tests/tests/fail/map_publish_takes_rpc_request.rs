use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::map_publish(channel = "a:*")]
fn handler(_taken: RpcRequest) -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
