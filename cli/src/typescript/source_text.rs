//! Code that is written twice: as TypeScript, and as JavaScript without the types.

/// The marks around text of a template that only TypeScript has.
const MARKS: [char; 2] = ['«', '»'];

/// Code in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SourceText {
    pub(super) typescript: String,
    pub(super) javascript: String,
}

impl SourceText {
    /// Reads a template, in which `«` and `»` enclose what only TypeScript has. A line of such text alone is none in JavaScript.
    pub(super) fn from_template(template: &str) -> Self {
        let mut code = Self::default();
        let mut is_type = false;
        for line in template.split_inclusive('\n') {
            let (before, was_type) = (code.javascript.len(), is_type);
            let has_mark = line.contains(MARKS);
            for part in line.split_inclusive(MARKS) {
                let text = part.trim_end_matches(MARKS);
                if is_type {
                    code.types(text);
                } else {
                    code.both(text);
                }
                is_type = part.ends_with('«') || (is_type && !part.ends_with('»'));
            }
            if (was_type || has_mark) && code.javascript[before..].trim().is_empty() {
                code.javascript.truncate(before);
            }
        }
        code
    }

    /// Adds code of both languages.
    pub(super) fn both(&mut self, text: &str) {
        self.typescript.push_str(text);
        self.javascript.push_str(text);
    }

    /// Adds code that only TypeScript has.
    pub(super) fn types(&mut self, text: &str) {
        self.typescript.push_str(text);
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.typescript.push_str(&other.typescript);
        self.javascript.push_str(&other.javascript);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_types_out_of_javascript() {
        let code = SourceText::from_template(
            "«type A = {\n  a: 1;\n};\n»f(x«: A»)«: 1» {\n  «let y: A;»\n  g();\n}\n",
        );
        assert_eq!(
            code.typescript,
            "type A = {\n  a: 1;\n};\nf(x: A): 1 {\n  let y: A;\n  g();\n}\n"
        );
        assert_eq!(code.javascript, "f(x) {\n  g();\n}\n");
    }
}
