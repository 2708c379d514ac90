//! Parameters as Proxmox takes them: pairs of a form, arrays by repeating the name.

use serde::Serialize;
use serde_json::Value;

/// Names with values in the order given.
pub type Params = Vec<(String, String)>;

/// The pairs of a structure: what is null is left out, a truth value is 1 or 0, an array repeats its name.
///
/// Fails, with the name, on a structure inside of the structure: no call takes one.
pub fn pairs<T: Serialize>(value: &T) -> Result<Params, String> {
    match serde_json::to_value(value).map_err(|error| error.to_string())? {
        Value::Null => Ok(Vec::new()),
        Value::Object(fields) => {
            let mut params = Params::new();
            for (name, value) in fields {
                push(&mut params, &name, value)?;
            }
            Ok(params)
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err("parameters have names".into())
        }
    }
}

fn push(params: &mut Params, name: &str, value: Value) -> Result<(), String> {
    if let Value::Array(values) = value {
        for value in values {
            params.push((name.to_owned(), scalar(name, value)?));
        }
    } else if !value.is_null() {
        params.push((name.to_owned(), scalar(name, value)?));
    }
    Ok(())
}

fn scalar(name: &str, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(u8::from(truth).to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(format!("{name} cannot be sent")),
    }
}

/// Pairs of texts, for calls made by hand.
pub fn params(pairs: &[(&str, &str)]) -> Params {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arrays_repeat_their_name_and_nothing_is_left_out_for_null() {
        let value = json!({"command": ["ip", "addr"], "autostart": true, "limit": 5, "comments": null});
        let mut sent = pairs(&value).unwrap();
        sent.sort_by_key(|(name, _)| name != "command");
        assert_eq!(sent[..2], params(&[("command", "ip"), ("command", "addr")]));
        assert!(sent.contains(&("autostart".into(), "1".into())));
        assert!(sent.contains(&("limit".into(), "5".into())));
        assert_eq!(sent.len(), 4);
    }

    #[test]
    fn nothing_is_no_pairs_and_a_structure_inside_is_refused() {
        assert_eq!(pairs(&()).unwrap(), Params::new());
        assert!(pairs(&json!({"a": {"b": 1}})).is_err());
        assert!(pairs(&json!(5)).is_err());
    }
}
