//! The proxy endpoint itself, for a program that RoadRunner did not start: what gRPC and HTTP have in common.

mod accept;
mod centrifugo;
mod front;
mod notice;
mod run;
mod secrets;
mod settings;
mod tls;

pub(crate) use front::Front;
pub(crate) use run::run;
pub(crate) use secrets::Secrets;
pub(crate) use settings::Settings;
