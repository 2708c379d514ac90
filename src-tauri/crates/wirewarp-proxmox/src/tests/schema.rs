//! Requests checked against what the schema of Proxmox VE says of a method.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use super::{recorded::folder, stub::Seen};

/// Fails unless the schema knows the method and takes each parameter with its value. Nothing is checked where the folder
/// with the schema is absent.
pub fn assert_allowed(seen: &Seen) {
    let Some(folder) = folder() else { return };
    let schema: Value = serde_json::from_slice(&fs::read(folder.join("api-subset.json")).unwrap()).unwrap();
    let path = seen.path.strip_prefix("/api2/json").unwrap();
    let found = schema["methods"].as_array().unwrap().iter().find_map(|method| {
        let same = method["method"] == seen.method.as_str();
        let held = same.then(|| held_by_path(method["path"].as_str().unwrap(), path))?;
        Some((method, held?))
    });
    let (method, held) = found.unwrap_or_else(|| panic!("the schema has no {} {path}", seen.method));
    let none = serde_json::Map::new();
    let known = method["parameters"]["properties"].as_object().unwrap_or(&none);
    for (name, value) in &seen.params {
        let rule = known.get(name).or_else(|| known.get(&numbered(name)));
        let rule = rule.unwrap_or_else(|| panic!("{} {path} takes no {name}", seen.method));
        assert_fits(name, value, rule);
    }
    let given: BTreeSet<&str> = seen.params.iter().map(|(name, _)| name.as_str()).collect();
    for (name, rule) in known {
        let needed = rule["optional"] != 1;
        assert!(
            !needed || given.contains(name.as_str()) || held.contains(name),
            "{} {path} needs {name}",
            seen.method
        );
    }
}

/// Names of the parameters that the path holds, if it is a path of this shape.
fn held_by_path(shape: &str, path: &str) -> Option<BTreeSet<String>> {
    let (shape, path): (Vec<&str>, Vec<&str>) = (shape.split('/').collect(), path.split('/').collect());
    let mut held = BTreeSet::new();
    for (part, actual) in shape.iter().zip(&path) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => drop(held.insert(name.to_owned())),
            None if part == actual => {}
            None => return None,
        }
    }
    (shape.len() == path.len()).then_some(held)
}

/// `net7` is described under `net[n]`.
fn numbered(name: &str) -> String {
    format!("{}[n]", name.trim_end_matches(|c: char| c.is_ascii_digit()))
}

fn assert_fits(name: &str, value: &str, rule: &Value) {
    let number = |key: &str| rule[key].as_i64();
    match rule["type"].as_str() {
        Some("boolean") => assert!(["0", "1"].contains(&value), "{name}={value}"),
        Some("integer") => {
            let value: i64 = value
                .parse()
                .unwrap_or_else(|_| panic!("{name}={value} is no number"));
            assert!(
                number("minimum").is_none_or(|least| value >= least),
                "{name}={value}"
            );
            assert!(
                number("maximum").is_none_or(|most| value <= most),
                "{name}={value}"
            );
        }
        Some("string" | "array") => {
            let length = i64::try_from(value.chars().count()).unwrap();
            assert!(
                number("maxLength").is_none_or(|most| length <= most),
                "{name}={value}"
            );
            assert!(
                number("minLength").is_none_or(|least| length >= least),
                "{name}={value}"
            );
        }
        other => panic!("{name} has the type {other:?}"),
    }
    if let Some(allowed) = rule["enum"].as_array() {
        assert!(allowed.iter().any(|one| one == value), "{name}={value}");
    }
}

#[test]
fn a_parameter_that_the_schema_does_not_know_is_refused() {
    if folder().is_none() {
        return;
    }
    let seen = Seen {
        method: "GET".into(),
        path: "/api2/json/nodes/pve1/network".into(),
        params: vec![("future".into(), "1".into())],
        headers: std::collections::BTreeMap::new(),
    };
    assert!(std::panic::catch_unwind(|| assert_allowed(&seen)).is_err());
}
