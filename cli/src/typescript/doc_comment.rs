//! Doc comments.

use super::identifier::is_invisible;

/// The text of a doc comment: paragraphs, without the signs of a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Docs(Vec<String>);

impl Docs {
    pub(super) fn new(text: &str) -> Self {
        let mut docs = Self::default();
        docs.push(text);
        docs
    }

    /// Adds a paragraph, if there is text in it.
    pub(super) fn push(&mut self, text: &str) {
        let text = clean(text);
        let text = text.trim();
        if !text.is_empty() {
            self.0.push(text.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the paragraphs of another text.
    pub(super) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Writes the comment with a line break at the end, or nothing if there is no text.
    pub(super) fn print(&self, indent: &str) -> String {
        let text = self.0.join("\n\n");
        match text.lines().count() {
            0 => String::new(),
            1 if indent.len() + text.chars().count() < 120 => format!("{indent}/** {text} */\n"),
            _ => {
                let mut comment = format!("{indent}/**\n");
                for line in text.lines() {
                    comment.push_str(format!("{indent} * {line}").trim_end());
                    comment.push('\n');
                }
                comment + indent + " */\n"
            }
        }
    }
}

/// Removes what would end the comment, and characters that cannot be seen.
fn clean(text: &str) -> String {
    let text: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if c != '\n' && is_invisible(c) { ' ' } else { c })
        .collect();
    text.replace("*/", "*\\/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_one_line_or_several() {
        assert_eq!(Docs::new(" ").print("  "), "");
        assert_eq!(Docs::new("A line.\n").print("  "), "  /** A line. */\n");
        let mut docs = Docs::new("A\n\n  B");
        docs.push("C");
        assert_eq!(docs.print(""), "/**\n * A\n *\n *   B\n *\n * C\n */\n");
    }

    #[test]
    fn text_cannot_end_the_comment() {
        for text in ["*/ alert(1) /*", "**/", "*/\n*/", "*\r/ *\u{2028}/"] {
            let comment = Docs::new(text).print("");
            assert_eq!(comment.matches("*/").count(), 1, "{comment}");
            assert!(
                comment.ends_with("*/\n") && !comment.contains(['\r', '\u{2028}']),
                "{comment}"
            );
        }
    }
}
