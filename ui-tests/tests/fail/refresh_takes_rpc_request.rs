use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::refresh]
fn handler(_taken: RpcRequest) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
