//! Centrifugo's own documentation of its configuration.

use std::process::Command;

use crate::programs;

/// Returns the documentation of a section, as Markdown.
pub fn config_doc(section: &str) -> String {
    let output = Command::new(programs::centrifugo())
        .args(["configdoc", "--markdown", "--section", section])
        .output()
        .expect("Centrifugo");
    assert!(output.status.success(), "configdoc of {section}");
    String::from_utf8(output.stdout).expect("a text")
}
