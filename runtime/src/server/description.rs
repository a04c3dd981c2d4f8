//! Prints what `WORKER_DESCRIBE` asks for.

use std::io::Write as _;

use super::centrifugo_config;
use super::config::{Config, Description};
use super::document::{self, Mounting};
use super::handler_warnings::{self, Access};
use super::roadrunner_config;
use crate::logging::{FLUSH_LIMIT, flush};
use crate::startup::{ServeError, describe_handlers, linked_routes};

/// Prints a description to standard output. Warnings go to the log.
///
/// # Errors
///
/// Returns an error if the settings have no address, or if standard output cannot be written.
pub(super) fn print(description: Description, config: &Config, mounting: Mounting) -> Result<(), ServeError> {
    let text = match description {
        Description::Handlers => describe_handlers(),
        Description::Document => format!("{:#}\n", document::document(config, mounting)),
        Description::Config => centrifugo(config)?,
        Description::RoadRunner => roadrunner(config),
    };
    flush(FLUSH_LIMIT);
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| ServeError::start(format!("the description cannot be printed: {error}")))
}

/// Returns Centrifugo's configuration for the endpoints of this program.
#[cfg(feature = "_direct")]
fn centrifugo(config: &Config) -> Result<String, ServeError> {
    let routes = linked_routes();
    let program = super::served_program::ServedProgram::new(config, &routes)?;
    let access = match (&program.grpc, &program.http) {
        (Some(_), _) => Access::Grpc,
        (None, Some(_)) => Access::Http,
        (None, None) => return Err(ServeError::start(crate::endpoint::NO_ADDRESS)),
    };
    start_log(config);
    handler_warnings::log(&routes, access);
    log_unknown_namespaces(&routes);
    Ok(format!("{:#}\n", centrifugo_config::config(&program)))
}

/// Returns Centrifugo's configuration for this program, which only RoadRunner can run.
#[cfg(not(feature = "_direct"))]
fn centrifugo(config: &Config) -> Result<String, ServeError> {
    let routes = linked_routes();
    start_log(config);
    handler_warnings::log(&routes, Access::RoadRunner);
    log_unknown_namespaces(&routes);
    Ok(format!("{:#}\n", roadrunner_config::centrifugo(&routes)))
}

fn roadrunner(config: &Config) -> String {
    let routes = linked_routes();
    start_log(config);
    crate::worker::warn_of_undelivered(&routes, None);
    handler_warnings::log(&routes, Access::RoadRunner);
    roadrunner_config::documents(&document::program(), &routes)
}

#[cfg_attr(
    not(feature = "logging"),
    allow(unused_variables, reason = "there is no log to start")
)]
fn start_log(config: &Config) {
    #[cfg(feature = "logging")]
    crate::logging::init(config.log_format, None);
}

fn log_unknown_namespaces(routes: &[&crate::handler::Route]) {
    if let Some(notice) = centrifugo_config::unknown_namespaces(routes) {
        tracing::info!(target: "centrifugo", "{notice}");
    }
}
