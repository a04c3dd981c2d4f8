use centrifugo::proto::proxy::RpcRequest;

#[centrifugo::notify_channel_state]
fn handler(_taken: RpcRequest) {}

fn main() {}
