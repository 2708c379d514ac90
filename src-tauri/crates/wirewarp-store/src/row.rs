//! From columns to types and back.

use serde::{Serialize, de::DeserializeOwned};
use std::str::FromStr;

use crate::StoreError;

/// Parses a column.
pub(crate) fn parse<T: FromStr>(column: &str, text: &str) -> Result<T, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error: T::Err| StoreError::Value(format!("{column}: {error}")))
}

/// Parses a column that may be null.
pub(crate) fn parse_some<T: FromStr>(column: &str, text: Option<String>) -> Result<Option<T>, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.map(|text| parse(column, &text)).transpose()
}

/// Reads a word of an enumeration by its serde name.
pub(crate) fn word<T: DeserializeOwned>(column: &str, text: &str) -> Result<T, StoreError> {
    let value = serde_json::Value::String(text.to_owned());
    serde_json::from_value(value).map_err(|error| StoreError::Value(format!("{column}: {error}")))
}

/// The serde name of an enumeration's value.
pub(crate) fn as_word(value: &impl Serialize) -> Result<String, StoreError> {
    let value = serde_json::to_value(value)?;
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| StoreError::Value(format!("{value} is no word")))
}

/// A small number.
pub(crate) fn number<T: TryFrom<i64>>(column: &str, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| StoreError::Value(format!("{column}: {value} is out of range")))
}
