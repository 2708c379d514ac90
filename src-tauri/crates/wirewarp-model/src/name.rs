//! Names of VPSes and peers, and free labels.

use std::{fmt, str::FromStr};

use crate::{ParseError, error::excerpt, text::serde_as_text};

/// A name of a VPS, a peer or a template: 1 to 40 of `a-z A-Z 0-9 . _ -`, beginning with a letter or a digit.
///
/// It is typed as an argument and stands in file names and unit logs, hence the narrow alphabet; free text belongs into
/// a [`Label`]. Two names that differ in case alone count as the same (see [`Name::is`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(as = "String"))]
pub struct Name(String);

impl Name {
    /// Longest name, in characters.
    pub const MOST: usize = 40;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the same name, in whatever case.
    pub fn is(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// The one text of all names that are the same.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Name {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = |why: String| Err(ParseError::new("name", why));
        if text.is_empty() {
            return refuse("it is empty; choose a short one such as “nyc”".into());
        }
        if text.chars().count() > Self::MOST {
            return refuse(format!(
                "“{}” is longer than {} characters",
                excerpt(text),
                Self::MOST
            ));
        }
        if let Some(odd) = text
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && !"._-".contains(*c))
        {
            return refuse(format!(
                "“{}” has {odd:?} in it; use letters a to z, digits, “.”, “_” and “-”",
                excerpt(text)
            ));
        }
        if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return refuse(format!("“{}” must begin with a letter or a digit", excerpt(text)));
        }
        Ok(Self(text.to_owned()))
    }
}

/// What a port forward is called by its owner: any script, one line, at most 80 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

impl Label {
    /// Longest label, in characters.
    pub const MOST: usize = 80;

    /// The label as text; empty when there is none.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.chars().count() > Self::MOST {
            return Err(ParseError::new(
                "label",
                format!("it is longer than {} characters", Self::MOST),
            ));
        }
        if let Some(odd) = text.chars().find(|c| c.is_control() || is_direction_mark(*c)) {
            return Err(ParseError::new(
                "label",
                format!("{odd:?} cannot stand in a label; write it in one line"),
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Characters that turn the direction of what follows: a label with one can make a line of output lie.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_text!(Name, Label);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_are_refused_with_the_field_named() {
        let long = "x".repeat(10_000);
        for bad in [
            "",
            " ",
            "a b",
            "a'b",
            "$(reboot)",
            "a\nb",
            "-rf",
            "..",
            "жук",
            "a/b",
            "`id`",
            long.as_str(),
        ] {
            let error = bad.parse::<Name>().unwrap_err();
            assert_eq!(error.field, "name", "{bad:?}");
            assert!(error.to_string().len() < 300, "{error}");
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }

    #[test]
    fn names_differing_in_case_share_a_key() {
        let (a, b): (Name, Name) = ("Attic".parse().unwrap(), "attic".parse().unwrap());
        assert_eq!(a.key(), b.key());
    }

    #[test]
    fn labels_take_any_script_but_no_control_characters() {
        assert_eq!(
            " Мой сервер 🎮 ".parse::<Label>().unwrap().as_str(),
            "Мой сервер 🎮"
        );
        assert!("two\nlines".parse::<Label>().is_err());
        assert!("evil\u{202e}txt".parse::<Label>().is_err());
    }
}
