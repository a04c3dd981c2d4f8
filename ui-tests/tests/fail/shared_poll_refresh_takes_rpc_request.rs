use centrifugo::proto::proxy::RpcRequest;
use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: RpcRequest) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
