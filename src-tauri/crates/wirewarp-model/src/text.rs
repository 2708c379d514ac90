//! Types that are written as one text, the same in JSON, in a column and on the command line.

use serde::de::{self, Visitor};
use std::{fmt, marker::PhantomData, str::FromStr};

use crate::ParseError;

/// Has serde write types as they are displayed and read them as they are parsed.
macro_rules! serde_as_text {
    ($($name:ty),+) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::text::Parser::default())
            }
        }
    )+};
}
pub(crate) use serde_as_text;

/// Parses the text that a deserializer finds, without a copy of it.
pub(crate) struct Parser<T>(PhantomData<T>);

impl<T> Default for Parser<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T: FromStr<Err = ParseError>> Visitor<'_> for Parser<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
