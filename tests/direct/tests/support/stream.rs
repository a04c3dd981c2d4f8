//! A stream, as Centrifugo opens it.

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

/// A stream, and its first message.
pub struct Opened {
    pub response: SubscribeResponse,
    messages: Streaming<StreamSubscribeResponse>,
    /// The client's side of a two-way stream. Dropped, that side has ended.
    pub client: Option<mpsc::UnboundedSender<StreamSubscribeRequest>>,
}

impl Client {
    async fn ready(&self) -> Grpc<tonic::transport::Channel> {
        let mut grpc = Grpc::new(self.0.clone());
        grpc.ready().await.unwrap();
        grpc
    }

    pub async fn one_way(&self, channel: &str) -> Result<Opened, Status> {
        self.one_way_of(Request::new(request(channel))).await
    }

    /// With metadata.
    pub async fn one_way_with(
        &self,
        channel: &str,
        key: &'static str,
        value: AsciiMetadataValue,
    ) -> Result<Opened, Status> {
        let mut request = Request::new(request(channel));
        request.metadata_mut().insert(key, value);
        self.one_way_of(request).await
    }

    async fn one_way_of(&self, request: Request<SubscribeRequest>) -> Result<Opened, Status> {
        let path = format!("{SERVICE}SubscribeUnidirectional").parse().unwrap();
        let codec = ProstCodec::<SubscribeRequest, StreamSubscribeResponse>::default();
        let answer = self.ready().await.server_streaming(request, path, codec).await?;
        Opened::new(answer.into_inner(), None).await
    }

    pub async fn two_ways(&self, channel: &str) -> Result<Opened, Status> {
        let first = StreamSubscribeRequest {
            subscribe_request: Some(request(channel)),
            publication: None,
        };
        self.two_ways_from(Some(first)).await
    }

    /// With this first message, or none.
    pub async fn two_ways_from(&self, first: Option<StreamSubscribeRequest>) -> Result<Opened, Status> {
        let (client, messages) = mpsc::unbounded_channel();
        if let Some(first) = first {
            client.send(first).unwrap();
        }
        let path = format!("{SERVICE}SubscribeBidirectional").parse().unwrap();
        let codec = ProstCodec::<StreamSubscribeRequest, StreamSubscribeResponse>::default();
        let request = Request::new(UnboundedReceiverStream::new(messages));
        let answer = self.ready().await.streaming(request, path, codec).await?;
        Opened::new(answer.into_inner(), Some(client)).await
    }
}

impl Opened {
    async fn new(
        mut messages: Streaming<StreamSubscribeResponse>,
        client: Option<mpsc::UnboundedSender<StreamSubscribeRequest>>,
    ) -> Result<Self, Status> {
        let first = messages.message().await?.expect("a first message");
        assert!(first.publication.is_none(), "{first:?}");
        Ok(Self {
            response: first.subscribe_response.expect("the answer"),
            messages,
            client,
        })
    }

    /// The data of the next publication; none at the end.
    pub async fn next(&mut self) -> Result<Option<String>, Status> {
        let Some(message) = self.messages.message().await? else {
            return Ok(None);
        };
        assert!(message.subscribe_response.is_none(), "{message:?}");
        let publication = message.publication.expect("a publication");
        Ok(Some(String::from_utf8(publication.data.to_vec()).unwrap()))
    }

    pub fn say(&self, data: &str) {
        let publication = Publication {
            data: data.to_owned().into(),
            ..Default::default()
        };
        let message = StreamSubscribeRequest {
            subscribe_request: None,
            publication: Some(publication),
        };
        self.client.as_ref().expect("two ways").send(message).unwrap();
    }
}

pub fn request(channel: &str) -> SubscribeRequest {
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
