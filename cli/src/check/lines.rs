//! The lines of findings in the file.

use super::finding::Finding;
use crate::config_file::{ConfigFile, ConfigPath};

/// Sets the line of each finding: that of its path, or of what is around it. Adds findings for keys that stand twice.
pub(super) fn set(findings: &mut Vec<Finding>, file: &ConfigFile) {
    for finding in findings.iter_mut().filter(|finding| finding.variable.is_none()) {
        finding.line = finding
            .path
            .as_deref()
            .and_then(|path| file.nearest_line_of(&ConfigPath::parse(path)));
    }
    for duplicate in &file.duplicates {
        let first = duplicate
            .first_line
            .map_or(String::new(), |line| format!(" on line {line}"));
        let mut finding = Finding::error(
            "duplicate-key",
            format!(
                "`{}` stands here and{first}: Centrifugo uses one of them",
                duplicate.path
            ),
        )
        .at(duplicate.path.to_string())
        .help("remove one of the keys; the case of keys does not matter");
        finding.line = duplicate.line;
        findings.push(finding);
    }
}
