//! `a,b=c,d=e`: options in their order.

use std::fmt;

/// Longest text that is read, in bytes; the longest NIC with all options has some 400.
const LONGEST: usize = 4096;

/// Options in the order they were written; some have no value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options(Vec<(String, Option<String>)>);

impl Options {
    /// Nothing for what would not be written back as it is: an empty option, one without a name, or the same name twice.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST || text.contains(|c: char| c.is_control()) {
            return None;
        }
        let mut options = Self::default();
        for part in text.split(',') {
            let (name, value) = match part.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (part, None),
            };
            if name.is_empty() || options.0.iter().any(|(known, _)| known == name) {
                return None;
            }
            options.0.push((name.to_owned(), value));
        }
        Some(options)
    }

    /// The value of an option that has one.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name)?;
        found.1.as_deref()
    }

    /// The first option that is one of `names`, with or without a value.
    pub fn first_of(&self, names: &[&str]) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| names.contains(&known.as_str()))?;
        Some(&found.0)
    }

    /// Adds at the end.
    pub fn push(&mut self, name: &str, value: Option<String>) {
        self.0.push((name.to_owned(), value));
    }

    /// Changes in its place, or adds at the end.
    pub fn set(&mut self, name: &str, value: String) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some(found) => found.1 = Some(value),
            None => self.push(name, Some(value)),
        }
    }

    /// Takes away, if it is there.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{name}")?;
            if let Some(value) = value {
                write!(f, "={value}")?;
            }
        }
        Ok(())
    }
}
