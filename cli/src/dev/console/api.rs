//! What the page asks for.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::{Value, json};

use super::sender::Sender;
use crate::check::{Finding, Input, check};
use crate::description::Description;
use crate::dev::centrifugo::{NodeEnvironment, value_without_secrets, variable_without_secrets};
use crate::dev::events::unix_ms;
use crate::dev::hub::Hub;
use crate::dev::keys::connection_token;
use crate::dev::recording::Recordings;

/// How long a token of the client tab is valid.
const TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// Answers the requests of the page.
pub(crate) struct Api {
    pub(crate) hub: Arc<Hub>,
    pub(crate) sender: Sender,
    pub(crate) recordings: Arc<Recordings>,
    pub(crate) centrifugo: Arc<Mutex<CentrifugoView>>,
}

/// What the page may know of Centrifugo.
#[derive(Clone, Default)]
pub(crate) struct CentrifugoView {
    pub(crate) websocket_url: Option<String>,
    pub(crate) token_key: Option<String>,
    pub(crate) configuration: Option<PathBuf>,
    /// The content of the configuration.
    pub(crate) content: Value,
    /// The variables that take precedence over it.
    pub(crate) environment: NodeEnvironment,
}

impl CentrifugoView {
    /// Returns what the check says about the configuration that Centrifugo runs with.
    pub(crate) fn findings(&self, description: &Description) -> Vec<Finding> {
        check(&Input::new(description, &self.content, &self.environment.all()))
    }
}

/// An answer that is no success.
pub(super) struct Refusal(pub(super) u16, pub(super) String);

#[derive(Deserialize)]
struct SaveForm {
    ids: Vec<u64>,
    path: String,
}

impl Api {
    pub(super) fn state(&self) -> Value {
        json!(self.hub.state())
    }

    pub(super) fn description(&self) -> Result<Value, Refusal> {
        let described = self.sender.description.borrow().clone();
        described
            .map(|described| Value::clone(&described.document))
            .ok_or_else(|| Refusal(404, "no program is running yet".to_owned()))
    }

    pub(super) fn check(&self) -> Result<Value, Refusal> {
        let described = self.sender.description.borrow().clone();
        let described = described.ok_or_else(|| Refusal(404, "no program is running yet".to_owned()))?;
        let centrifugo = self.centrifugo();
        let findings: Vec<_> = centrifugo
            .findings(&described.description)
            .into_iter()
            .map(|finding| {
                let handler = finding.handler.as_ref();
                json!({
                    "level": finding.level,
                    "path": finding.path,
                    "place": handler.map(|handler| format!("{}:{}", handler.file, handler.line)),
                    "message": finding.message,
                    "help": finding.help,
                    "handler": handler.map(|handler| &handler.handler),
                })
            })
            .collect();
        Ok(json!({ "findings": findings }))
    }

    /// Returns the configuration without secrets, as JSON whatever the format of the file is.
    pub(super) fn configuration(&self) -> Result<Value, Refusal> {
        let centrifugo = self.centrifugo();
        let path = centrifugo
            .configuration
            .ok_or_else(|| Refusal(404, "Centrifugo has no configuration yet".to_owned()))?;
        let text = format!("{:#}", value_without_secrets(&centrifugo.content));
        let variables: BTreeMap<_, _> = centrifugo
            .environment
            .configuring()
            .into_iter()
            .map(|(name, value)| {
                let shown = variable_without_secrets(&name, &value);
                (name, shown)
            })
            .collect();
        Ok(json!({ "path": path, "text": text, "variables": variables }))
    }

    pub(super) async fn send(&self, body: &[u8]) -> Result<Value, Refusal> {
        let answer = self.sender.send(body, &self.hub).await;
        answer.map_err(|problem| Refusal(400, problem))
    }

    pub(super) fn save(&self, body: &[u8]) -> Result<Value, Refusal> {
        let form: SaveForm = serde_json::from_slice(body)
            .map_err(|error| Refusal(400, format!("the form is wrong: {error}")))?;
        let (path, events) = self
            .recordings
            .save(&form.ids, &form.path)
            .map_err(|error| Refusal(400, format!("{}: {error}", form.path)))?;
        Ok(json!({ "path": path, "events": events }))
    }

    pub(super) fn client(&self, user: Option<&str>) -> Result<Value, Refusal> {
        let centrifugo = self.centrifugo();
        let url = centrifugo
            .websocket_url
            .ok_or_else(|| Refusal(404, "no Centrifugo is running".to_owned()))?;
        let mut answer = json!({ "websocket_url": url, "token_for": user });
        if let (Some(user), Some(key)) = (user, centrifugo.token_key) {
            let expires_at = unix_ms(SystemTime::now() + TOKEN_LIFETIME) / 1000;
            answer["token"] = connection_token(&key, user, expires_at).into();
        }
        Ok(answer)
    }

    fn centrifugo(&self) -> CentrifugoView {
        self.centrifugo
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
