//! How ids of users and clients are shown in logs and spans.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU8, Ordering};

use super::client_text::clip;
use super::field_text::FieldText;

/// How ids of users and clients are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum PersonalIds {
    /// As they are.
    Shown,
    /// As a pseudonym, which is the same for the same id.
    Hashed,
    /// Not at all.
    Hidden,
}

/// The mode of the process.
static MODE: AtomicU8 = AtomicU8::new(PersonalIds::Shown as u8);

/// Sets how ids are shown from now on.
pub(crate) fn show_personal_ids(mode: PersonalIds) {
    MODE.store(mode as u8, Ordering::Relaxed);
}

/// Prepares the id of a user or a client for logs and spans. `Display` quotes it, so that it cannot be mistaken for another
/// field. An id that is empty, or that is not shown, prints as `""`.
pub(crate) fn personal_id(id: &str) -> PersonalId<'_> {
    PersonalId {
        id,
        mode: match MODE.load(Ordering::Relaxed) {
            mode if mode == PersonalIds::Shown as u8 => PersonalIds::Shown,
            mode if mode == PersonalIds::Hashed as u8 => PersonalIds::Hashed,
            _ => PersonalIds::Hidden,
        },
    }
}

/// Prepares an id like [`personal_id`], for a field that is left out if the id is empty or not shown.
pub(crate) fn personal_field(id: &str) -> Option<FieldText<'_>> {
    let id = personal_id(id);
    match id.mode {
        _ if id.id.is_empty() => None,
        PersonalIds::Hidden => None,
        PersonalIds::Hashed => Some(FieldText::Pseudonym(id.pseudonym())),
        PersonalIds::Shown => Some(FieldText::new(id.id)),
    }
}

/// An id that [`personal_id`] has prepared.
#[derive(Clone, Copy)]
pub(crate) struct PersonalId<'a> {
    id: &'a str,
    mode: PersonalIds,
}

impl PersonalId<'_> {
    fn pseudonym(self) -> String {
        // The hasher has no random key, so that all workers of a pool print the same pseudonym.
        let mut hasher = DefaultHasher::new();
        self.id.hash(&mut hasher);
        format!("#{:016x}", hasher.finish())
    }
}

impl fmt::Display for PersonalId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mode {
            PersonalIds::Hashed if !self.id.is_empty() => write!(f, "\"{}\"", self.pseudonym()),
            PersonalIds::Shown => write!(f, "{:?}", clip(self.id)),
            PersonalIds::Hashed | PersonalIds::Hidden => f.write_str("\"\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_hashes_or_hides_ids() {
        let text = |id, mode| PersonalId { id, mode }.to_string();
        assert_eq!(text("4\n2", PersonalIds::Shown), r#""4\n2""#);
        assert_eq!(text("42", PersonalIds::Hidden), r#""""#);
        assert_eq!(text("", PersonalIds::Hashed), r#""""#);
        let hashed = text("42", PersonalIds::Hashed);
        assert_eq!(hashed.len(), 19);
        assert!(hashed.starts_with("\"#"), "{hashed}");
        assert_eq!(hashed, text("42", PersonalIds::Hashed));
        assert_ne!(hashed, text("43", PersonalIds::Hashed));
    }
}
