//! Events that the open-source Centrifugo never sends. The tests call RoadRunner over gRPC instead.

use centrifugo::proto::proxy::{
    ChannelEvent, NotifyCacheEmptyRequest, NotifyCacheEmptyResponse, NotifyChannelStateRequest,
    NotifyChannelStateResponse,
};
use peers::{Peers, Setup, Stack};
use tonic::codegen::http::uri::PathAndQuery;

async fn call<Q, A>(stack: &Stack, method: &'static str, request: Q) -> Result<A, tonic::Status>
where
    Q: prost::Message + Send + Sync + 'static,
    A: prost::Message + Default + Send + Sync + 'static,
{
    let channel = tonic::transport::Endpoint::from_shared(format!("http://127.0.0.1:{}", stack.proxy()))
        .expect("an address")
        .connect()
        .await
        .expect("a connection");
    let mut grpc = tonic::client::Grpc::new(channel);
    grpc.ready().await.expect("a connection");
    let path = format!("/centrifugal.centrifugo.proxy.CentrifugoProxy/{method}");
    grpc.unary(
        tonic::Request::new(request),
        PathAndQuery::try_from(path).expect("a path"),
        tonic_prost::ProstCodec::default(),
    )
    .await
    .map(tonic::Response::into_inner)
}

#[tokio::test(flavor = "multi_thread")]
async fn delivers_channel_state() {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
        .env("NOTES", "notes")
        .start();
    let events = vec![ChannelEvent::default(), ChannelEvent::default()];
    let answer: NotifyChannelStateResponse =
        call(&stack, "NotifyChannelState", NotifyChannelStateRequest { events })
            .await
            .expect("an answer");
    assert!(answer.result.is_some() && answer.error.is_none());
    let notes = std::fs::read_to_string(stack.file("notes")).expect("notes");
    assert!(notes.contains("2 channels"), "{notes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn roadrunner_2025_1_does_not_deliver_cache_empty() {
    // The plugin of RoadRunner 2025.1 lacks the method. RoadRunner 3 has it.
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend")).start();
    let request = NotifyCacheEmptyRequest {
        channel: "board:1".into(),
    };
    let answer: Result<NotifyCacheEmptyResponse, _> = call(&stack, "NotifyCacheEmpty", request).await;
    assert_eq!(answer.expect_err("no answer").code(), tonic::Code::Unimplemented);
}
