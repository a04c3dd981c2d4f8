//! Findings as text, as JSON and as annotations of GitHub.

use std::fmt::Write as _;

use serde_json::json;

use super::finding::{Finding, Level};

/// Writes findings for people. The name of the file stands before each path.
pub fn text(findings: &[Finding], file: &str) -> String {
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(text, "{}[{}]: {}", finding.level, finding.rule, finding.message);
        if let Some(place) = place(finding, file) {
            let _ = writeln!(text, "  --> {place}");
        }
        if let Some(handler) = &finding.handler {
            let pattern = handler.pattern.as_deref().map(|pattern| format!(" `{pattern}`"));
            let _ = writeln!(
                text,
                "  handler: {}:{} {} ({}{})",
                handler.file,
                handler.line,
                handler.handler,
                handler.event,
                pattern.unwrap_or_default()
            );
        }
        if !finding.help.is_empty() {
            let _ = writeln!(text, "  help: {}", finding.help);
        }
        text.push('\n');
    }
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let _ = writeln!(
        text,
        "{}, {}, {}",
        counted(count(Level::Error), "error"),
        counted(count(Level::Warning), "warning"),
        counted(count(Level::Note), "note")
    );
    text
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Returns the place in the file, or the variable.
fn place(finding: &Finding, file: &str) -> Option<String> {
    let path = finding.path.as_deref();
    match (&finding.variable, path, finding.line) {
        (Some(variable), Some(path), _) if path != variable => Some(format!("${variable} ({path})")),
        (Some(variable), _, _) => Some(format!("${variable}")),
        (None, Some(path), Some(line)) => Some(format!("{file}:{line} {path}")),
        (None, Some(path), None) => Some(format!("{file} {path}")),
        (None, None, _) => None,
    }
}

/// Writes findings as JSON.
pub fn json(findings: &[Finding], file: &str) -> String {
    format!("{:#}\n", json!({ "file": file, "findings": findings }))
}

/// Writes findings as commands of GitHub Actions, which shows them in the change.
pub fn github(findings: &[Finding], file: &str) -> String {
    let mut text = String::new();
    for finding in findings {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let mut properties = Vec::new();
        if finding.variable.is_none() && finding.path.is_some() && !file.is_empty() {
            properties.push(format!("file={}", property(file)));
            properties.push(format!("line={}", finding.line.unwrap_or(1)));
        } else if let Some(handler) = &finding.handler {
            properties.push(format!("file={}", property(&handler.file)));
            properties.push(format!("line={}", handler.line));
        }
        properties.push(format!("title={}", property(finding.rule)));
        let mut message = finding.message.clone();
        if let Some(place) = place(finding, file) {
            let _ = write!(message, "\n{place}");
        }
        if let Some(handler) = &finding.handler {
            let _ = write!(
                message,
                "\nhandler: {}:{} {}",
                handler.file, handler.line, handler.handler
            );
        }
        if !finding.help.is_empty() {
            let _ = write!(message, "\nhelp: {}", finding.help);
        }
        let _ = writeln!(
            text,
            "::{command} {}::{}",
            properties.join(","),
            escaped(&message)
        );
    }
    text
}

/// Escapes the message of a command.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings() -> Vec<Finding> {
        let mut error = Finding::error("unknown-key", "100 % wrong")
            .at("a.b")
            .help("do\nthis");
        error.line = Some(3);
        let mut note = Finding::note("token", "by a variable").at("a.c");
        note.variable = Some("CENTRIFUGO_A_C".into());
        vec![error, note]
    }

    #[test]
    fn writes_text() {
        assert_eq!(
            text(&findings(), "config.json"),
            "error[unknown-key]: 100 % wrong\n  --> config.json:3 a.b\n  help: do\nthis\n\n\
             note[token]: by a variable\n  --> $CENTRIFUGO_A_C (a.c)\n\n1 error, 0 warnings, 1 note\n"
        );
    }

    #[test]
    fn writes_annotations() {
        assert_eq!(
            github(&findings(), "a,b.json"),
            "::error file=a%2Cb.json,line=3,title=unknown-key::100 %25 wrong%0Aa,b.json:3 a.b%0Ahelp: do%0Athis\n\
             ::notice title=token::by a variable%0A$CENTRIFUGO_A_C (a.c)\n"
        );
    }

    #[test]
    fn writes_json() {
        let value: serde_json::Value = serde_json::from_str(&json(&findings(), "c.json")).unwrap();
        assert_eq!(value["findings"][0]["line"], 3);
        assert_eq!(value["findings"][1]["level"], "note");
    }
}
