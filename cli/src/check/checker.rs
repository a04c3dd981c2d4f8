//! Runs all checks.

use serde_json::Value as Json;

use super::finding::Finding;
use super::{
    channel_options, concurrency, endpoints, events, forwarded, keys, lines, missing_handlers, readable,
    secrets, starts, streams, timeouts, unasked_clients, unasked_handlers,
};
use crate::centrifugo::{Configuration, Environment};
use crate::config_file::ConfigFile;
use crate::description::Description;

/// What is checked.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Input<'a> {
    /// The program.
    pub description: &'a Description,
    /// The content of Centrifugo's configuration file. Null if there is no file.
    pub file: &'a Json,
    /// The environment of Centrifugo and of the program.
    pub environment: &'a Environment,
    /// The content of `.rr.yaml`, if RoadRunner runs the program.
    pub roadrunner: Option<&'a Json>,
    /// The file that the content comes from, which has the lines of findings.
    pub source: Option<&'a ConfigFile>,
}

impl<'a> Input<'a> {
    /// Starts from a program and the content of a configuration file.
    pub fn new(description: &'a Description, file: &'a Json, environment: &'a Environment) -> Self {
        Self {
            description,
            file,
            environment,
            roadrunner: None,
            source: None,
        }
    }

    /// Starts from a program and a configuration file.
    pub fn of_file(description: &'a Description, file: &'a ConfigFile, environment: &'a Environment) -> Self {
        Self {
            source: Some(file),
            ..Self::new(description, &file.value, environment)
        }
    }

    /// Sets the content of `.rr.yaml`.
    #[must_use]
    pub fn roadrunner(mut self, file: &'a Json) -> Self {
        self.roadrunner = Some(file);
        self
    }
}

/// Checks a configuration of Centrifugo against the handlers of a program. Errors come first.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let configuration = Configuration::load(input.file, input.environment);
    let mut checker = Checker {
        input,
        configuration: &configuration,
        description: input.description,
        findings: Vec::new(),
    };
    keys::check(&mut checker);
    starts::check(&mut checker);
    events::check(&mut checker);
    let any_name = configuration.for_any_channel_name();
    checker.configuration = &any_name;
    unasked_handlers::check(&mut checker);
    unasked_clients::check(&mut checker);
    checker.configuration = &configuration;
    missing_handlers::check(&mut checker);
    endpoints::check(&mut checker);
    secrets::check(&mut checker);
    timeouts::check(&mut checker);
    forwarded::check(&mut checker);
    streams::check(&mut checker);
    channel_options::check(&mut checker);
    readable::check(&mut checker);
    concurrency::check(&mut checker);
    let mut findings = checker.findings;
    if let Some(source) = input.source {
        lines::set(&mut findings, source);
    }
    findings.sort_by_key(|finding| (finding.level, finding.line));
    findings
}

/// What the checks share.
pub(super) struct Checker<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) configuration: &'a Configuration,
    pub(super) description: &'a Description,
    findings: Vec<Finding>,
}

impl Checker<'_> {
    pub(super) fn add(&mut self, mut finding: Finding) {
        if finding.variable.is_none() {
            let variable = finding
                .path
                .as_deref()
                .and_then(|path| self.configuration.variable(path));
            finding.variable = variable.map(str::to_owned);
        }
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}
