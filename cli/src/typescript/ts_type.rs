//! Types of TypeScript.

use super::doc_comment::Docs;
use super::identifier::property_key;

/// The longest line with a whole object or union.
const MAX_LINE: usize = 110;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TsType {
    Unknown,
    Never,
    /// A name, a keyword, or a literal.
    Text(String),
    Array(Box<TsType>),
    Tuple {
        items: Vec<TsType>,
        rest: Option<Box<TsType>>,
    },
    Object {
        properties: Vec<Property>,
        /// The type of all other properties.
        index: Option<Box<TsType>>,
    },
    Union(Vec<Member>),
    Intersection(Vec<TsType>),
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) docs: Docs,
    pub(super) is_optional: bool,
    pub(super) value: TsType,
}

/// A member of a union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) docs: Docs,
    pub(super) value: TsType,
}

impl From<TsType> for Member {
    fn from(value: TsType) -> Self {
        Self {
            docs: Docs::default(),
            value,
        }
    }
}

impl TsType {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Makes a union, without members that say nothing.
    pub(super) fn union(members: Vec<Member>) -> Self {
        let mut kept = Vec::<Member>::new();
        for member in members {
            match member.value {
                Self::Unknown => return Self::Unknown,
                Self::Never => {}
                Self::Union(inner) if member.docs.is_empty() => kept.extend(inner),
                _ => kept.push(member),
            }
        }
        let mut unique = Vec::<Member>::new();
        for member in kept {
            if !unique.iter().any(|other| other.value == member.value) {
                unique.push(member);
            }
        }
        match unique.len() {
            0 => Self::Never,
            1 if unique.iter().all(|member| member.docs.is_empty()) => unique.remove(0).value,
            _ => Self::Union(unique),
        }
    }

    /// Makes an intersection, without members that say nothing.
    pub(super) fn intersection(members: Vec<Self>) -> Self {
        let mut kept = Vec::<Self>::new();
        for member in members {
            match member {
                Self::Never => return Self::Never,
                Self::Unknown => {}
                member => kept.push(member),
            }
        }
        match kept.len() {
            0 => Self::Unknown,
            1 => kept.remove(0),
            _ => Self::Intersection(kept),
        }
    }

    /// Calls `visit` with each name that stands for the type itself, and not for a part of it. A type that is itself in this
    /// sense has no meaning.
    pub(super) fn visit_same_level(&self, visit: &mut impl FnMut(&Self)) {
        match self {
            Self::Text(_) => visit(self),
            Self::Union(members) => members
                .iter()
                .for_each(|member| member.value.visit_same_level(visit)),
            Self::Intersection(members) => members.iter().for_each(|member| member.visit_same_level(visit)),
            _ => {}
        }
    }

    /// Writes the type. Lines after the first begin with `indent`.
    pub(super) fn print(&self, indent: &str) -> String {
        match self {
            Self::Unknown => "unknown".to_owned(),
            Self::Never => "never".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Array(item) => format!("{}[]", item.print_part(indent)),
            Self::Tuple { items, rest } => {
                let mut parts: Vec<_> = items.iter().map(|item| item.print(indent)).collect();
                parts.extend(
                    rest.as_ref()
                        .map(|rest| format!("...{}[]", rest.print_part(indent))),
                );
                format!("[{}]", parts.join(", "))
            }
            Self::Object { properties, index } => print_object(properties, index.as_deref(), indent),
            Self::Union(members) => print_union(members, indent),
            Self::Intersection(members) => {
                let parts: Vec<_> = members.iter().map(|member| member.print_part(indent)).collect();
                parts.join(" & ")
            }
        }
    }

    /// Writes the type after a `=` or a `:`, with the space between them.
    pub(super) fn print_after(&self, indent: &str) -> String {
        let text = self.print(indent);
        let space = if text.starts_with('\n') { "" } else { " " };
        format!("{space}{text}")
    }

    /// Writes the type as a part of another one.
    fn print_part(&self, indent: &str) -> String {
        match self {
            Self::Union(_) | Self::Intersection(_) => format!("({})", self.print(indent)),
            _ => self.print(indent),
        }
    }

    /// Writes the properties of an object, each on lines of its own, or returns `None` for other types.
    pub(super) fn print_properties(&self, indent: &str) -> Option<String> {
        match self {
            Self::Object { properties, index } => {
                Some(print_properties(properties, index.as_deref(), indent))
            }
            _ => None,
        }
    }
}

fn print_object(properties: &[Property], index: Option<&TsType>, indent: &str) -> String {
    let mut parts: Vec<_> = properties.iter().map(|property| property.print("")).collect();
    parts.extend(index.map(|index| print_index(index, "")));
    if parts.is_empty() {
        return "{}".to_owned();
    }
    let has_docs = properties.iter().any(|property| !property.docs.is_empty());
    let line = format!("{{ {} }}", parts.join("; "));
    if !has_docs && !line.contains('\n') && indent.len() + line.chars().count() <= MAX_LINE {
        return line;
    }
    let inner = format!("{indent}  ");
    format!("{{\n{}{indent}}}", print_properties(properties, index, &inner))
}

fn print_properties(properties: &[Property], index: Option<&TsType>, indent: &str) -> String {
    let mut text = String::new();
    for property in properties {
        text.push_str(&property.docs.print(indent));
        text.push_str(&format!("{indent}{};\n", property.print(indent)));
    }
    if let Some(index) = index {
        text.push_str(&format!("{indent}{};\n", print_index(index, indent)));
    }
    text
}

fn print_index(index: &TsType, indent: &str) -> String {
    format!("[key: string]:{}", index.print_after(indent))
}

impl Property {
    fn print(&self, indent: &str) -> String {
        let optional = if self.is_optional { "?" } else { "" };
        format!(
            "{}{optional}:{}",
            property_key(&self.name),
            self.value.print_after(indent)
        )
    }
}

fn print_union(members: &[Member], indent: &str) -> String {
    let parts: Vec<_> = members
        .iter()
        .map(|member| match &member.value {
            value @ TsType::Intersection(_) => value.print_part(indent),
            value => value.print(indent),
        })
        .collect();
    let line = parts.join(" | ");
    let has_docs = members.iter().any(|member| !member.docs.is_empty());
    if !has_docs && !line.contains('\n') && indent.len() + line.chars().count() <= MAX_LINE {
        return line;
    }
    let inner = format!("{indent}  ");
    let mut text = String::new();
    for member in members {
        let docs = member.docs.print(&inner);
        let value = match &member.value {
            value @ TsType::Intersection(_) => value.print_part(&inner),
            value => value.print(&inner),
        };
        text.push_str(&format!("\n{docs}{inner}| {value}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(name: &str, docs: &str, is_optional: bool, value: TsType) -> Property {
        Property {
            name: name.to_owned(),
            docs: Docs::new(docs),
            is_optional,
            value,
        }
    }

    #[test]
    fn writes_types_with_the_parentheses_that_they_need() {
        let union = TsType::union(vec![TsType::text("A").into(), TsType::text("null").into()]);
        assert_eq!(TsType::Array(Box::new(union.clone())).print(""), "(A | null)[]");
        let both = TsType::intersection(vec![TsType::text("B"), union.clone(), TsType::Unknown]);
        assert_eq!(both.print(""), "B & (A | null)");
        let tuple = TsType::Tuple {
            items: vec![union],
            rest: Some(Box::new(both.clone())),
        };
        assert_eq!(tuple.print(""), "[A | null, ...(B & (A | null))[]]");
        assert_eq!(
            TsType::union(vec![both.into(), TsType::text("C").into()]).print(""),
            "(B & (A | null)) | C"
        );
    }

    #[test]
    fn unions_have_no_members_that_say_nothing() {
        let text = |text: &str| Member::from(TsType::text(text));
        assert_eq!(
            TsType::union(vec![text("A"), TsType::Unknown.into()]),
            TsType::Unknown
        );
        assert_eq!(
            TsType::union(vec![text("A"), TsType::Never.into(), text("A")]),
            TsType::text("A")
        );
        assert_eq!(TsType::union(Vec::new()), TsType::Never);
    }

    #[test]
    fn breaks_objects_with_docs_into_lines() {
        let object = TsType::Object {
            properties: vec![
                property("a", "", true, TsType::text("string")),
                property("b-c", "B.", false, TsType::Unknown),
            ],
            index: None,
        };
        assert_eq!(
            object.print("  "),
            "{\n    a?: string;\n    /** B. */\n    \"b-c\": unknown;\n  }"
        );
        let short = TsType::Object {
            properties: vec![property("a", "", false, TsType::text("string"))],
            index: Some(Box::new(TsType::text("string"))),
        };
        assert_eq!(short.print(""), "{ a: string; [key: string]: string }");
    }
}
