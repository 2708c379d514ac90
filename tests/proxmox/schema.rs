//! The project's own schema says what Proxmox's says.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::reference;

/// Properties of a parameter that a check does not need.
const LEFT_OUT: &[&str] = &["default", "format_description"];

#[test]
fn every_method_of_the_schema_is_as_proxmox_has_it() {
    let Some(folder) = reference::folder("the comparison of schemas") else {
        return;
    };
    let theirs = reference::json(&folder.join("api-subset.json"));
    let theirs: BTreeMap<_, _> = list(&theirs, "methods")
        .map(|method| (name(method), method))
        .collect();
    let ours = own();
    assert!(list(&ours, "methods").count() > 40);
    for method in list(&ours, "methods") {
        let name = name(method);
        let real = theirs
            .get(&name)
            .unwrap_or_else(|| panic!("Proxmox has no {name:?}"));
        assert_eq!(method["permissions"], real["permissions"], "{name:?}");
        assert_eq!(
            json!(method["allowtoken"].as_bool()),
            json!(real["allowtoken"] == 1),
            "{name:?}"
        );
        assert_eq!(
            method.get("proxyto").unwrap_or(&Value::Null),
            &real["proxyto"],
            "{name:?}"
        );
        let new = method.get("not_in_8").cloned().unwrap_or_else(|| json!([]));
        assert_eq!(new, real["params_not_in_8.4.5"], "{name:?}");
        assert_eq!(real["params_only_in_8.4.5"], json!([]), "{name:?}");
        let real = real["parameters"].get("properties").and_then(Value::as_object);
        compare(
            &name,
            method["parameters"].as_object().unwrap(),
            real.unwrap_or(&Map::new()),
        );
    }
}

#[test]
fn methods_from_the_manual_are_those_that_the_reference_has_not() {
    let Some(folder) = reference::folder("the comparison of schemas") else {
        return;
    };
    let theirs = reference::json(&folder.join("api-subset.json"));
    for method in list(&own(), "from_the_manual") {
        let known = list(&theirs, "methods").any(|real| name(real) == name(method));
        assert!(!known, "{:?} is in the reference", name(method));
    }
}

fn own() -> Value {
    reference::json(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/proxmox/schema.json"))
}

fn list<'file>(file: &'file Value, part: &str) -> impl Iterator<Item = &'file Value> {
    file[part].as_array().unwrap().iter()
}

fn name(method: &Value) -> (String, String) {
    let text = |key: &str| method[key].as_str().unwrap().to_owned();
    (text("method"), text("path"))
}

fn compare(method: &(String, String), ours: &Map<String, Value>, theirs: &Map<String, Value>) {
    let names = |map: &Map<String, Value>| map.keys().cloned().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(names(ours), names(theirs), "{method:?}");
    for (name, own) in ours {
        let mut real = plain(&theirs[name]);
        if own.get("format").is_none() && real["format"].is_object() {
            // Of property strings, those of NICs and of the agent alone are taken over.
            assert!(!matches!(name.as_str(), "net[n]" | "agent"), "{method:?} {name}");
            real.as_object_mut().unwrap().remove("format");
        }
        assert_eq!(plain(own), real, "{method:?} {name}");
    }
}

/// With flags and limits written in one way, and without what a check does not need.
fn plain(property: &Value) -> Value {
    let Value::Object(fields) = property else {
        return property.clone();
    };
    let field = |(name, value): (&String, &Value)| {
        let value = match name.as_str() {
            "optional" | "default_key" => json!(value == &json!(1) || value == &json!(true)),
            "minimum" | "maximum" => {
                json!(value.as_f64().or_else(|| value.as_str()?.parse().ok()))
            }
            "format" if value.is_object() => {
                let parts = value.as_object().unwrap().iter();
                Value::Object(
                    parts
                        .map(|(part, property)| (part.clone(), plain(property)))
                        .collect(),
                )
            }
            _ => value.clone(),
        };
        let is_usual = name == "optional" && value == json!(false);
        let kept = !is_usual && !LEFT_OUT.contains(&name.as_str());
        kept.then(|| (name.clone(), value))
    };
    Value::Object(fields.iter().filter_map(field).collect())
}
