//! A stream between a test and a subscribe_stream handler.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use centrifugo_proto::proxy;
use futures_core::Stream;
use prost::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::answer::Answer;
use super::client::TestClient;
use super::request::Request;
use crate::dispatch::{Publications, StreamOutcome, subscribe_request};
use crate::error::BoxError;
use crate::event::{Event, Kind, markers};

/// A stream that [`Request::open`] opened. Dropping it unsubscribes the client.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::Incoming;
/// use centrifugo::reply;
/// use tokio_stream::StreamExt;
///
/// #[centrifugo::subscribe_stream(channel = "echo:*")]
/// fn echo(incoming: Incoming) -> reply::Stream {
///     reply::Stream::new(reply::Subscribe::allow(), incoming.map(|publication| publication.data))
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let t = TestClient::builder().build().await?;
/// let mut stream = t.subscribe_stream("echo:1").user("42").open().await;
/// assert!(stream.answer().result().is_some());
/// stream.send_json("hello");
/// assert_eq!(stream.next_json::<String>().await?, "hello");
/// stream.finish();
/// assert!(stream.next().await.is_none());
/// # Ok(())
/// # })
/// # }
/// ```
pub struct TestStream {
    answer: Answer<markers::SubscribeStream>,
    publications: Option<Publications>,
    sender: Option<UnboundedSender<Bytes>>,
    failure: Option<String>,
}

impl TestClient {
    /// Creates a request for a client that subscribes to a channel whose publications a handler streams.
    ///
    /// If the request is awaited without [`open`](Request::open), it returns only the answer to the subscription.
    pub fn subscribe_stream(&self, channel: &str) -> Request<&Self, markers::SubscribeStream> {
        Request::new(
            self,
            proxy::SubscribeRequest {
                channel: channel.into(),
                ..Default::default()
            },
        )
    }
}

impl Request<&TestClient, markers::SubscribeStream> {
    /// Opens a two-way stream.
    pub async fn open(self) -> TestStream {
        let (sender, receiver) = unbounded_channel();
        self.start(Some(sender), Some(Receiver(receiver))).await
    }

    /// Opens a one-way stream, from the handler to the client.
    pub async fn open_one_way(self) -> TestStream {
        self.start(None, None).await
    }

    async fn start(self, sender: Option<UnboundedSender<Bytes>>, incoming: Option<Receiver>) -> TestStream {
        let metadata = self.metadata();
        let first = proxy::StreamSubscribeRequest {
            subscribe_request: Some(self.message),
            publication: None,
        };
        let body = match subscribe_request(&first.encode_to_vec().into()) {
            Ok(body) => body,
            Err(reason) => {
                return TestStream {
                    answer: Answer::failed(reason),
                    publications: None,
                    sender: None,
                    failure: None,
                };
            }
        };
        let event = Event::new(Kind::SubscribeStream, metadata, body);
        let (answer, publications) = match self.driver.dispatcher.dispatch_stream(event, incoming).await {
            StreamOutcome::Open(first, publications) => (decode(&first), Some(publications)),
            StreamOutcome::Refused(first, error) => (decode(&first).with_source_of(Some(&error)), None),
            StreamOutcome::Failed(reason, error) => {
                (Answer::failed(reason).with_source_of(error.as_ref()), None)
            }
            StreamOutcome::Unreadable(reason) => (Answer::failed(reason), None),
        };
        TestStream {
            answer,
            publications,
            sender,
            failure: None,
        }
    }
}

/// Decodes the answer in the first message.
fn decode(first: &Bytes) -> Answer<markers::SubscribeStream> {
    match proxy::StreamSubscribeResponse::decode(first.clone()) {
        Ok(first) => match first.subscribe_response {
            Some(response) => Answer::decode(&response.encode_to_vec())
                .unwrap_or_else(|error| Answer::failed(error.to_string())),
            None => Answer::failed("the first message has no answer to the subscription"),
        },
        Err(error) => Answer::failed(error.to_string()),
    }
}

impl TestStream {
    /// Returns the answer to the subscription.
    pub fn answer(&self) -> &Answer<markers::SubscribeStream> {
        &self.answer
    }

    /// Waits for the next publication. Returns `None` at the end, and if the stream was not opened.
    pub async fn next(&mut self) -> Option<proxy::Publication> {
        let publications = self.publications.as_mut()?;
        let text = match poll_fn(|cx| Pin::new(&mut *publications).poll_next(cx)).await? {
            Ok(message) => match proxy::StreamSubscribeResponse::decode(message) {
                Ok(message) => return message.publication,
                Err(error) => error.to_string(),
            },
            Err(reason) => reason.into_owned(),
        };
        self.failure = Some(text);
        None
    }

    /// Waits for the next publication and deserializes its data as JSON.
    ///
    /// # Errors
    ///
    /// Fails if the stream has ended, or if the data does not fit `T`.
    pub async fn next_json<T: DeserializeOwned>(&mut self) -> Result<T, BoxError> {
        let Some(publication) = self.next().await else {
            let reason = self.failure.as_deref().unwrap_or("the stream has ended");
            return Err(format!("no publication: {reason}; the client sees {}", self.answer).into());
        };
        Ok(serde_json::from_slice(&publication.data)?)
    }

    /// Returns the reason why the stream failed, if it did. A real client would then subscribe again.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Publishes as the client. The publication waits until the handler reads it.
    ///
    /// It is dropped in a one-way stream and after the end.
    pub fn send(&self, publication: proxy::Publication) {
        self.send_raw(
            proxy::StreamSubscribeRequest {
                subscribe_request: None,
                publication: Some(publication),
            }
            .encode_to_vec(),
        );
    }

    /// Publishes JSON as the client. A value that can't be serialized is sent as no data.
    pub fn send_json<T: Serialize + ?Sized>(&self, value: &T) {
        let data = serde_json::to_vec(value).unwrap_or_default().into();
        self.send(proxy::Publication {
            data,
            ..Default::default()
        });
    }

    /// Sends raw bytes in place of an encoded message.
    pub fn send_raw(&self, message: impl Into<Bytes>) {
        if let Some(sender) = &self.sender {
            // Sending fails only if the stream has ended.
            let _ = sender.send(message.into());
        }
    }

    /// Ends the client's side of the stream.
    pub fn finish(&mut self) {
        self.sender = None;
    }
}

impl fmt::Debug for TestStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestStream")
            .field("answer", &self.answer)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

struct Receiver(UnboundedReceiver<Bytes>);

impl Stream for Receiver {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.poll_recv(cx)
    }
}
