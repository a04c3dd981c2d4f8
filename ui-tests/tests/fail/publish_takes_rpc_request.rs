use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler(_taken: RpcRequest) -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
