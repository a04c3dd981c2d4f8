//! Opens subscription streams as Centrifugo does.

use centrifugo::proto::proxy::{
    Publication, StreamSubscribeRequest, StreamSubscribeResponse, SubscribeRequest, SubscribeResponse,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::client::Grpc;
use tonic::metadata::AsciiMetadataValue;
use tonic::{Request, Status, Streaming};
use tonic_prost::ProstCodec;

use super::{Client, SERVICE};

/// An open stream, and the subscribe response that came as its first message.
pub struct OpenStream {
    pub response: SubscribeResponse,
    messages: Streaming<StreamSubscribeResponse>,
    /// Sends on the sender's side of a two-way stream. Dropping it closes that side.
    pub sender: Option<mpsc::UnboundedSender<StreamSubscribeRequest>>,
}

impl Client {
    async fn ready(&self) -> Grpc<tonic::transport::Channel> {
        let mut grpc = Grpc::new(self.0.clone());
        grpc.ready().await.unwrap();
        grpc
    }

    pub async fn open_one_way(&self, channel: &str) -> Result<OpenStream, Status> {
        self.open_one_way_request(Request::new(subscribe_request(channel)))
            .await
    }

    /// Opens a one-way stream with one metadata entry.
    pub async fn open_one_way_with(
        &self,
        channel: &str,
        key: &'static str,
        value: AsciiMetadataValue,
    ) -> Result<OpenStream, Status> {
        let mut request = Request::new(subscribe_request(channel));
        request.metadata_mut().insert(key, value);
        self.open_one_way_request(request).await
    }

    async fn open_one_way_request(&self, request: Request<SubscribeRequest>) -> Result<OpenStream, Status> {
        let path = format!("{SERVICE}SubscribeUnidirectional").parse().unwrap();
        let codec = ProstCodec::<SubscribeRequest, StreamSubscribeResponse>::default();
        let answer = self.ready().await.server_streaming(request, path, codec).await?;
        OpenStream::new(answer.into_inner(), None).await
    }

    pub async fn open_two_way(&self, channel: &str) -> Result<OpenStream, Status> {
        let first = StreamSubscribeRequest {
            subscribe_request: Some(subscribe_request(channel)),
            publication: None,
        };
        self.open_two_way_from(Some(first)).await
    }

    /// Opens a two-way stream whose first message is `first`, if there is one.
    pub async fn open_two_way_from(
        &self,
        first: Option<StreamSubscribeRequest>,
    ) -> Result<OpenStream, Status> {
        let (sender, messages) = mpsc::unbounded_channel();
        if let Some(first) = first {
            sender.send(first).unwrap();
        }
        let path = format!("{SERVICE}SubscribeBidirectional").parse().unwrap();
        let codec = ProstCodec::<StreamSubscribeRequest, StreamSubscribeResponse>::default();
        let request = Request::new(UnboundedReceiverStream::new(messages));
        let answer = self.ready().await.streaming(request, path, codec).await?;
        OpenStream::new(answer.into_inner(), Some(sender)).await
    }
}

impl OpenStream {
    async fn new(
        mut messages: Streaming<StreamSubscribeResponse>,
        sender: Option<mpsc::UnboundedSender<StreamSubscribeRequest>>,
    ) -> Result<Self, Status> {
        let first = messages.message().await?.expect("a first message");
        assert!(first.publication.is_none(), "{first:?}");
        Ok(Self {
            response: first.subscribe_response.expect("the answer"),
            messages,
            sender,
        })
    }

    /// Returns the data of the next publication, or `None` at the end of the stream.
    pub async fn next(&mut self) -> Result<Option<String>, Status> {
        let Some(message) = self.messages.message().await? else {
            return Ok(None);
        };
        assert!(message.subscribe_response.is_none(), "{message:?}");
        let publication = message.publication.expect("a publication");
        Ok(Some(String::from_utf8(publication.data.to_vec()).unwrap()))
    }

    pub fn publish(&self, data: &str) {
        let publication = Publication {
            data: data.to_owned().into(),
            ..Default::default()
        };
        let message = StreamSubscribeRequest {
            subscribe_request: None,
            publication: Some(publication),
        };
        self.sender
            .as_ref()
            .expect("a two-way stream")
            .send(message)
            .unwrap();
    }
}

pub fn subscribe_request(channel: &str) -> SubscribeRequest {
    SubscribeRequest {
        client: "c1".into(),
        transport: "websocket".into(),
        protocol: "json".into(),
        encoding: "json".into(),
        user: "42".into(),
        channel: channel.into(),
        ..Default::default()
    }
}
