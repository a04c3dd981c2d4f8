//! A subscription stream.

use std::collections::BTreeMap;

use bytes::Bytes;
use centrifugo_proto::proxy::{
    Publication, StreamSubscribeRequest, StreamSubscribeResponse, SubscribeRequest,
};
use prost::Message as _;
use serde::Serialize;
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use super::{Answer, Data, InvokeError};

/// A subscription stream, after the decision of the program.
#[derive(Debug)]
pub struct OpenedStream {
    /// The decision. If it is an error, no publications follow.
    pub answer: Answer,
    pub(super) messages: Option<Streaming<Bytes>>,
    pub(super) sender: Option<mpsc::Sender<Bytes>>,
}

/// A publication of a stream.
#[derive(Clone, Debug, Serialize)]
pub struct StreamMessage {
    /// The data.
    pub data: Data,
    /// The tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

impl OpenedStream {
    /// Waits for the next publication. Returns `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns the status with which the program ended the stream, if it is not OK.
    pub async fn next(&mut self) -> Result<Option<StreamMessage>, Status> {
        loop {
            let Some(messages) = &mut self.messages else {
                return Ok(None);
            };
            let message = messages.message().await.inspect_err(|_| self.messages = None)?;
            let Some(message) = message else {
                self.messages = None;
                return Ok(None);
            };
            let message = StreamSubscribeResponse::decode(message)
                .map_err(|error| Status::internal(format!("the message cannot be read: {error}")))?;
            if let Some(publication) = message.publication {
                return Ok(Some(publication.into()));
            }
        }
    }

    /// Publishes as the client of a two-way stream. Returns whether the stream is open.
    pub async fn publish(&self, data: &Data) -> bool {
        let message = StreamSubscribeRequest {
            subscribe_request: None,
            publication: Some(Publication {
                data: data.to_bytes(),
                ..Default::default()
            }),
        };
        match &self.sender {
            Some(sender) => sender.send(message.encode_to_vec().into()).await.is_ok(),
            None => false,
        }
    }
}

impl From<Publication> for StreamMessage {
    fn from(publication: Publication) -> Self {
        Self {
            data: Data::from_message(publication.data),
            tags: publication.tags.into_iter().collect(),
        }
    }
}

/// Returns the subscribe request in the first message of a two-way stream.
///
/// # Errors
///
/// Returns an error if the message has none.
pub fn stream_request(message: Bytes) -> Result<Bytes, InvokeError> {
    let message = StreamSubscribeRequest::decode(message);
    let request = message.map_err(|error| InvokeError::Request(error.to_string()))?;
    let request = request.subscribe_request.ok_or_else(|| {
        InvokeError::Request("the first message of a stream has no `subscribe_request`".to_owned())
    })?;
    Ok(request.encode_to_vec().into())
}

/// Returns the publication in a further message of a two-way stream.
///
/// # Errors
///
/// Returns an error if the message is not readable.
pub fn client_publication(message: Bytes) -> Result<Option<StreamMessage>, InvokeError> {
    let message =
        StreamSubscribeRequest::decode(message).map_err(|error| InvokeError::Request(error.to_string()))?;
    Ok(message.publication.map(StreamMessage::from))
}

/// Returns the first message of a two-way stream.
pub(crate) fn first_message(request: Bytes) -> Result<Bytes, InvokeError> {
    let request =
        SubscribeRequest::decode(request).map_err(|error| InvokeError::Request(error.to_string()))?;
    let message = StreamSubscribeRequest {
        subscribe_request: Some(request),
        publication: None,
    };
    Ok(message.encode_to_vec().into())
}

/// Returns the decision, which is the subscribe response, or the publication in a message of the program.
///
/// # Errors
///
/// Returns an error if the message is not readable.
pub fn stream_message(message: Bytes) -> Result<(Option<Bytes>, Option<StreamMessage>), InvokeError> {
    let message =
        StreamSubscribeResponse::decode(message).map_err(|error| InvokeError::Answer(error.to_string()))?;
    let response = message
        .subscribe_response
        .map(|response| response.encode_to_vec().into());
    Ok((response, message.publication.map(StreamMessage::from)))
}
