//! Recordings: a request, and what Proxmox VE answered.

use std::{fs, path::PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::stub::{Reply, Seen, Stub, decoded, decoded_params};
use crate::{params::Params, transport::Verb};

/// One request with its answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Recording {
    pub label: String,
    pub request: Asked,
    pub status: u16,
    pub reason: String,
    pub body: Value,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub params: Params,
}

impl Recording {
    pub fn verb(&self) -> Verb {
        match self.request.method.as_str() {
            "GET" => Verb::Get,
            "POST" => Verb::Post,
            "PUT" => Verb::Put,
            "DELETE" => Verb::Delete,
            other => panic!("{other} is not a verb"),
        }
    }

    /// The path below the API's base, as it was sent, without its query.
    pub fn path(&self) -> &str {
        let path = self.request.path.strip_prefix("/api2/json").unwrap();
        path.split('?').next().unwrap()
    }

    /// All parameters, those in the path's query first.
    pub fn params(&self) -> Params {
        let query = self.request.path.split_once('?').map_or("", |(_, query)| query);
        let mut params = decoded_params(query.as_bytes());
        params.extend(self.request.params.clone());
        params
    }

    /// The bytes of the body; an empty text is an empty body.
    pub fn text(&self) -> String {
        self.body
            .as_str()
            .map_or_else(|| self.body.to_string(), str::to_owned)
    }

    /// A server that answers with it.
    pub async fn stub(&self) -> Stub {
        let (status, reason, body) = (self.status, self.reason.clone(), self.text());
        Stub::start(move |_| Reply::Answer(status, reason.clone(), body.clone())).await
    }

    /// Fails unless the request that came is the recorded one; the order counts only among values of one name.
    pub fn assert_asked(&self, seen: &Seen) {
        assert_eq!(seen.method, self.request.method, "{}", self.label);
        assert_eq!(
            seen.path,
            decoded(&format!("/api2/json{}", self.path())),
            "{}",
            self.label
        );
        let (mut sent, mut wanted) = (seen.params.clone(), self.params());
        sent.sort_by(|a, b| a.0.cmp(&b.0));
        wanted.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(sent, wanted, "{}", self.label);
    }
}

/// The folder of reference data beside the project, where there is one.
pub fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/pve");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there is no ../shared/pve beside the project");
    None
}

/// All recordings in their order; nothing where the folder is absent.
pub fn all() -> Option<Vec<Recording>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder()?.join("recordings"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |file: &PathBuf| -> Recording { serde_json::from_slice(&fs::read(file).unwrap()).unwrap() };
    Some(files.iter().map(read).collect())
}

/// The project's own fixtures, written in the same form.
pub fn fixtures() -> Vec<Recording> {
    serde_json::from_str(include_str!("fixtures.json")).unwrap()
}

/// The one with this label.
pub fn named(recordings: &[Recording], label: &str) -> Recording {
    let found = recordings.iter().find(|recording| recording.label == label);
    found.unwrap_or_else(|| panic!("no recording {label}")).clone()
}
