use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler(_taken: RpcRequest) -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
