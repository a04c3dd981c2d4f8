use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::map_remove(channel = "a:*")]
fn handler(_taken: RpcRequest) -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
