use centrifugo::proto::proxy::RpcRequest;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: RpcRequest) {}

fn main() {}
