//! Describes error types.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::error::{ErrorAnswer, ErrorCase, ErrorDef, ErrorInfo, ErrorText};

/// The error types of the program: those that are registered, and generic ones that handlers name.
pub(super) struct ErrorDescriptions(BTreeMap<(String, u32), &'static ErrorInfo>);

impl Default for ErrorDescriptions {
    fn default() -> Self {
        let mut descriptions = Self(BTreeMap::new());
        for def in inventory::iter::<ErrorDef> {
            if let Some(info) = def.0 {
                descriptions.add(info);
            }
        }
        descriptions
    }
}

#[derive(Serialize)]
struct ErrorDescription {
    name: String,
    file: &'static str,
    line: u32,
    docs: &'static str,
    cases: Vec<CaseDescription>,
}

#[derive(Default, Serialize)]
struct CaseDescription {
    name: &'static str,
    docs: &'static str,
    answer: &'static str,
    code: Option<u32>,
    message: Option<&'static str>,
    /// The format string of a message that depends on the value of the error.
    format: Option<&'static str>,
    temporary: bool,
    /// The path of the error type that a transparent case passes on.
    error: Option<String>,
}

impl ErrorDescriptions {
    /// Adds an error type, and those that its cases pass on.
    pub(super) fn add(&mut self, info: &'static ErrorInfo) {
        if self.0.insert((error_path(info), info.line), info).is_some() {
            return;
        }
        for case in info.cases {
            if let ErrorAnswer::Transparent(Some(inner)) = case.answer {
                self.add(inner);
            }
        }
    }

    pub(super) fn describe(&self) -> Value {
        let descriptions: Vec<_> = self
            .0
            .values()
            .map(|info| ErrorDescription {
                name: error_path(info),
                file: info.file,
                line: info.line,
                docs: info.docs,
                cases: info.cases.iter().map(CaseDescription::new).collect(),
            })
            .collect();
        serde_json::to_value(descriptions).unwrap_or_default()
    }
}

impl CaseDescription {
    fn new(case: &ErrorCase) -> Self {
        let description = Self {
            name: case.name,
            docs: case.docs,
            ..Self::default()
        };
        match &case.answer {
            ErrorAnswer::Error {
                code,
                message,
                is_temporary,
            } => Self {
                answer: "error",
                code: Some(*code),
                temporary: *is_temporary,
                ..description.with_text(message)
            },
            ErrorAnswer::Disconnect { code, reason } => Self {
                answer: "disconnect",
                code: Some(*code),
                ..description.with_text(reason)
            },
            ErrorAnswer::Internal => Self {
                answer: "internal",
                code: Some(100),
                message: Some("internal server error"),
                temporary: true,
                ..description
            },
            ErrorAnswer::Transparent(inner) => Self {
                answer: "transparent",
                error: inner.map(error_path),
                ..description
            },
        }
    }

    fn with_text(self, text: &ErrorText) -> Self {
        match *text {
            ErrorText::Fixed(text) => Self {
                message: Some(text),
                ..self
            },
            ErrorText::Format(format) => Self {
                format: Some(format),
                ..self
            },
        }
    }
}

/// Returns the path of an error type.
pub(super) fn error_path(info: &ErrorInfo) -> String {
    format!("{}::{}", info.module, info.name)
}
