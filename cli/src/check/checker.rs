//! Runs all checks.

use serde_json::Value as Json;

use super::finding::Finding;
use super::{
    channel_options, concurrency, endpoints, events, forwarded, keys, missing_handlers, readable, secrets,
    starts, streams, timeouts, unasked,
};
use crate::centrifugo::{Configuration, Environment};
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
}

impl<'a> Input<'a> {
    /// Starts from a program and a configuration file.
    pub fn new(description: &'a Description, file: &'a Json, environment: &'a Environment) -> Self {
        Self {
            description,
            file,
            environment,
            roadrunner: None,
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
    unasked::check(&mut checker);
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
    findings.sort_by_key(|finding| finding.level);
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
