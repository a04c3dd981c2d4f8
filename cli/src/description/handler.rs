//! A handler.

use serde::Deserialize;

use super::{DataType, Event};

/// A handler of the program.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Handler {
    /// The kind of event.
    pub event: Event,
    /// The pattern of channels or methods, if the event has one.
    pub pattern: Option<String>,
    /// The [name](super::Channel::name) of the channel type that the attribute names.
    pub channel: Option<String>,
    /// The path of the function.
    pub handler: String,
    /// The types of the arguments, as the source has them.
    pub takes: Vec<String>,
    /// The type of the reply, as the source has it.
    pub returns: String,
    /// The source file, as the compiler names it.
    pub file: String,
    /// The line of the attribute.
    pub line: u32,
    /// The doc comment.
    pub docs: String,
    /// The function of the handler's own layer, as the source has it.
    pub layer: Option<String>,
    /// The time limit of the attribute, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// What the arguments need of Centrifugo.
    pub needs: Vec<Need>,
    /// The data of the event, if an argument takes it.
    pub data: Option<DataType>,
    /// The meta of the connection, if an argument takes it.
    pub meta: Option<DataType>,
    /// What clients publish into a two-way stream, if an argument takes it.
    pub incoming: Option<DataType>,
    /// What the reply sends to the client: the result of an rpc, or the data of a connection or a subscription.
    pub result: Option<DataType>,
    /// What other clients see of the connection or the subscription: the info that the reply sets.
    pub info: Option<DataType>,
    /// What the reply publishes to the channel.
    pub publication: Option<DataType>,
    /// What the reply sets keys of a map or shared poll channel to.
    pub item: Option<DataType>,
    /// The [names](super::ErrorType::name) of the error types of the answer, or `None` without the feature `schema`.
    pub errors: Option<Vec<String>>,
}

impl Handler {
    /// The place in the source, as `file:line`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// Whether the handler has this need.
    pub fn has_need(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }
}

/// What the arguments of a handler need of Centrifugo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Need {
    /// A stream in both directions.
    ClientStream,
    /// `include_connection_meta`.
    ConnectionMeta,
    /// A need of a newer version of the crate.
    #[serde(other)]
    Unknown,
}
