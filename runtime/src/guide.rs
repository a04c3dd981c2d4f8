//! The guide: one page per task.
//!
//! | page | task |
//! |---|---|
//! | [`first_handler`] | write a first program and run it |
//! | [`develop`] | run the program while you write it; watch, send, explain, record and replay events |
//! | [`state`] | share values between handlers, and load values once per event |
//! | [`errors`] | choose what the client receives when something fails |
//! | [`server_api`] | publish, disconnect users, read presence and history, sign tokens |
//! | [`patterns`] | choose the handler for a channel or a method |
//! | [`channels`] | use history, recovery, presence and personal channels |
//! | [`channel_types`] | give channels a type: names, publications and options in one place |
//! | [`schemas`] | describe the data of clients with JSON Schemas |
//! | [`asyncapi`] | describe channels, messages and errors as AsyncAPI |
//! | [`typescript`] | call the backend from TypeScript or JavaScript with types |
//! | [`expiration`] | let connections and subscriptions expire; when refresh handlers are called |
//! | [`headers`] | read cookies and headers, and know which to trust |
//! | [`background_tasks`] | run tasks that no event starts |
//! | [`layers`] | limit, log or change every event |
//! | [`testing`] | test handlers in process and the program as a process |
//! | [`missing_handlers`] | find handlers that the program does not call |
//! | [`configuration_files`] | make Centrifugo's configuration, and keep it up to date with the handlers |
//! | [`check_configuration`] | check Centrifugo's configuration against the handlers |
//! | [`running`] | deploy: direct or RoadRunner, systemd, containers, Kubernetes, limits |
//! | [`monitoring`] | monitor a backend: metrics, alerts, logs, probes |
//! | [`tracing`] | send the spans of events and API calls to OpenTelemetry |
//! | [`roadrunner`] | run as a worker of RoadRunner |
//! | [`mounting`] | mount the endpoint in an axum or tonic server |
//! | [`migrating`] | come from the PHP bridge or from a hand-written proxy |
//! | [`centrifugo_v5`] | translate a configuration of Centrifugo 5 |
//! | [`versions`] | supported versions of Centrifugo and RoadRunner |
//! | [`troubleshooting`] | find the cause of a symptom |

#[doc = include_str!("../docs/guide/first_handler.md")]
pub mod first_handler {}

#[doc = include_str!("../docs/guide/develop.md")]
///
#[doc = include_str!("../docs/develop_screenshot.md")]
pub mod develop {}

#[doc = include_str!("../docs/guide/state.md")]
pub mod state {}

#[doc = include_str!("../docs/guide/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/guide/server_api.md")]
pub mod server_api {}

#[doc = include_str!("../docs/guide/patterns.md")]
///
#[doc = include_str!("routing/pattern.md")]
pub mod patterns {}

#[doc = include_str!("../docs/guide/channels.md")]
pub mod channels {}

#[doc = include_str!("../docs/guide/channel_types.md")]
pub mod channel_types {}

#[doc = include_str!("../docs/guide/schemas.md")]
pub mod schemas {}

#[doc = include_str!("../docs/guide/asyncapi.md")]
pub mod asyncapi {}

#[doc = include_str!("../docs/guide/typescript.md")]
pub mod typescript {}

#[doc = include_str!("../docs/guide/expiration.md")]
pub mod expiration {}

#[doc = include_str!("../docs/guide/headers.md")]
pub mod headers {}

#[doc = include_str!("../docs/guide/background_tasks.md")]
pub mod background_tasks {}

#[doc = include_str!("../docs/guide/layers.md")]
pub mod layers {}

#[doc = include_str!("../docs/guide/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/guide/missing_handlers.md")]
pub mod missing_handlers {}

#[doc = include_str!("../docs/guide/configuration_files.md")]
pub mod configuration_files {}

#[doc = include_str!("../docs/guide/check_configuration.md")]
pub mod check_configuration {}

#[doc = include_str!("../docs/guide/running.md")]
pub mod running {}

#[doc = include_str!("../docs/guide/monitoring.md")]
///
#[doc = include_str!("../docs/monitoring_screenshot.md")]
pub mod monitoring {}

#[doc = include_str!("../docs/guide/tracing.md")]
pub mod tracing {}

#[doc = include_str!("../docs/guide/roadrunner.md")]
pub mod roadrunner {}

#[doc = include_str!("../docs/guide/mounting.md")]
pub mod mounting {}

#[doc = include_str!("../docs/guide/migrating.md")]
pub mod migrating {}

#[doc = include_str!("../docs/guide/centrifugo_v5.md")]
pub mod centrifugo_v5 {}

#[doc = include_str!("../docs/guide/versions.md")]
pub mod versions {}

#[doc = include_str!("../docs/guide/troubleshooting.md")]
pub mod troubleshooting {}

/// Tests the program that the registry's page shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub mod readme {}
