//! Many calls in one request.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use centrifugo_proto::api::{BatchRequest, BatchResponse, Reply};
use prost::Message as _;

use super::call::{Call, json, outcome, read};
use super::call_target::CallTarget;
use super::client::Client;
use super::error::Error;
use super::methods::{Method, Names};
use super::retry::{DecodedAnswer, EncodedRequest};
use super::transport::Encoding;

impl Client {
    /// Collects calls of different methods that are sent in one request.
    ///
    /// Centrifugo carries them out in order, or in parallel after [`Batch::parallel`]. A call that fails does not stop the
    /// others.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let mut batch = api.batch();
    /// let published = batch.add(api.publish("chat:1", &"bye"));
    /// let left = batch.add(api.unsubscribe("42", "chat:1"));
    /// let mut replies = batch.await?;
    /// println!("at offset {}", replies.take(published)?.offset);
    /// replies.take(left)?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn batch(&self) -> Batch {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Batch {
            client: self.clone(),
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            request: BatchRequest::default(),
            slots: Vec::new(),
            repeatable: true,
            timeout: None,
        }
    }
}

/// Calls that are sent in one request: await it to get the [`Replies`].
#[must_use = "a batch is sent when it is awaited"]
pub struct Batch {
    client: Client,
    id: u64,
    request: BatchRequest,
    slots: Vec<Slot>,
    repeatable: bool,
    timeout: Option<Duration>,
}

/// The place of the reply to a call.
enum Slot {
    /// In the answer, at this place.
    At(usize, CallTarget),
    /// The call could not be sent.
    Failed(Error),
    Taken,
}

/// A handle to one reply of a batch, for [`Replies::take`].
pub struct Ticket<M> {
    batch: u64,
    index: usize,
    method: PhantomData<fn() -> M>,
}

impl<M> fmt::Debug for Ticket<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({})", self.index)
    }
}

impl Batch {
    /// Adds a call. The time limit of the batch applies instead of its own.
    pub fn add<M: Method>(&mut self, call: Call<M>) -> Ticket<M> {
        let ticket = Ticket {
            batch: self.id,
            index: self.slots.len(),
            method: PhantomData,
        };
        match call.request {
            Ok(mut request) => {
                self.repeatable &= !M::idempotency_key(&request).is_empty();
                if self.client.encoding() == Encoding::Json {
                    M::for_json(&mut request);
                }
                let target = M::target(request.clone());
                self.slots.push(Slot::At(self.request.commands.len(), target));
                self.request.commands.push(M::command(request));
            }
            Err(error) => self.slots.push(Slot::Failed(error.with_method(M::NAMES.name))),
        }
        ticket
    }

    /// Lets Centrifugo carry the calls out in parallel, in any order.
    pub fn parallel(mut self) -> Self {
        self.request.parallel = true;
        self
    }

    /// Sets the time limit of the batch, all its attempts together, instead of the client's limit.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Returns the number of calls.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns whether the batch has no call.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    async fn send(self) -> Result<Replies, Error> {
        let mut replies = Vec::new();
        if !self.request.commands.is_empty() {
            let count = self.request.commands.len();
            let encoding = self.client.encoding();
            let body = match encoding {
                Encoding::Protobuf => self.request.encode_to_vec().into(),
                Encoding::Json => json(&self.request)?,
            };
            let request = EncodedRequest {
                names: &Names::BATCH,
                target: CallTarget::None,
                body,
                is_repeatable: self.repeatable,
                timeout: self.timeout,
            };
            replies = self
                .client
                .transport()
                .send(request, |answer| read_replies(answer, encoding, count))
                .await?;
        }
        Ok(Replies {
            client: self.client,
            batch: self.id,
            replies,
            slots: self.slots,
        })
    }
}

fn read_replies(answer: Bytes, encoding: Encoding, count: usize) -> DecodedAnswer<Vec<Reply>> {
    let result = read::<BatchResponse>(answer, encoding)
        .and_then(|response| match response.replies.len() {
            got if got == count => Ok(response.replies),
            got => Err(Error::unreadable(format!("{got} replies came to {count} calls"))),
        })
        .map_err(|error| error.with_method(Names::BATCH.name));
    let is_temporary = |reply: &Reply| {
        let error = reply.error.clone();
        error.is_some_and(|error| Error::answered("", error).is_temporary())
    };
    let is_temporary = result
        .as_ref()
        .is_ok_and(|replies| replies.iter().any(is_temporary));
    DecodedAnswer { result, is_temporary }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("client", &self.client)
            .field("calls", &self.slots.len())
            .finish()
    }
}

impl IntoFuture for Batch {
    type Output = Result<Replies, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    /// # Errors
    ///
    /// If the batch as a whole failed. The errors of single calls are in the [`Replies`].
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// The replies to a batch.
pub struct Replies {
    client: Client,
    batch: u64,
    replies: Vec<Reply>,
    slots: Vec<Slot>,
}

impl Replies {
    /// Takes the result of one call.
    ///
    /// # Errors
    ///
    /// If this call failed, or the ticket is of another batch.
    pub fn take<M: Method>(&mut self, ticket: Ticket<M>) -> Result<M::Output, Error> {
        let slot = if ticket.batch == self.batch {
            self.slots.get_mut(ticket.index)
        } else {
            None
        };
        match slot.map(|slot| std::mem::replace(slot, Slot::Taken)) {
            Some(Slot::At(index, target)) => {
                let reply = self.replies.get_mut(index).map(std::mem::take);
                outcome::<M>(M::reply(reply.unwrap_or_default()), &target)
                    .map_err(|error| error.with_target(&target).with_transport(self.client.transport()))
            }
            Some(Slot::Failed(error)) => Err(error),
            Some(Slot::Taken) | None => {
                Err(Error::invalid("the ticket is of another batch").with_method(M::NAMES.name))
            }
        }
    }
}

impl fmt::Debug for Replies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Replies({})", self.slots.len())
    }
}
