use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler(_taken: RpcRequest) -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
