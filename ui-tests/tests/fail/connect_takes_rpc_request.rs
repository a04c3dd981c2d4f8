use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::connect]
fn handler(_taken: RpcRequest) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
