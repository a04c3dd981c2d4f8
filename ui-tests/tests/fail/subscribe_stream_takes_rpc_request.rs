use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler(_taken: RpcRequest) -> reply::Stream {
    unimplemented!()
}

fn main() {}
