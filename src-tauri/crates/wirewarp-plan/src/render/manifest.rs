//! `manifest.json`: what a generation is, and the desired state from which the inventory can be recovered.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, fmt::Write as _};
use wirewarp_model::{
    HostId, Inventory, InventoryId,
    bundle::{Bundle, BundleFile},
};

use super::{Context, desired, file};

/// The form that this version writes and reads.
const SCHEMA: u32 = 1;

/// The manifest's file name.
pub(crate) const NAME: &str = "manifest.json";

/// The manifest of a generation. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form.
    pub schema: u32,
    /// The machine.
    pub host: HostId,
    /// Who applied it.
    pub inventory: InventoryId,
    /// What the machine is.
    pub role: Role,
    /// Which generation.
    pub generation: u64,
    /// Version of the program that rendered it.
    pub program: String,
    /// The part of the inventory that concerns the machine.
    pub desired: Inventory,
    /// SHA-256 (hex) of every other file.
    pub digests: BTreeMap<String, String>,
}

/// What a machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A VPS.
    Vps,
    /// A machine at home.
    Home,
}

impl Manifest {
    pub(super) fn new(context: &Context, role: Role, files: &BTreeMap<String, BundleFile>) -> Self {
        let nothing = || Inventory::empty(context.inventory.id);
        Self {
            schema: SCHEMA,
            host: context.host,
            inventory: context.inventory.id,
            role,
            generation: context.generation,
            program: context.program.to_owned(),
            desired: desired(context.inventory, context.host).unwrap_or_else(nothing),
            digests: digests(files),
        }
    }
}

impl Manifest {
    /// What was wanted, with the machine under the identifier that another inventory has for it.
    pub fn desired_for(self, machine: HostId) -> Inventory {
        let mut desired = self.desired;
        let rename = |id: &mut HostId| {
            if *id == self.host {
                *id = machine;
            }
        };
        desired.hosts.iter_mut().for_each(|host| rename(&mut host.id));
        desired.vpses.iter_mut().for_each(|vps| rename(&mut vps.host));
        desired
            .peers
            .iter_mut()
            .filter_map(|peer| peer.host.as_mut())
            .for_each(rename);
        desired
    }
}

/// A manifest without the desired state: what an everyday look at a host brings home.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Head {
    schema: u32,
    pub host: HostId,
    pub inventory: InventoryId,
    pub digests: BTreeMap<String, String>,
}

/// Reads a manifest; none if it is not whole, or of a form that this version does not know.
pub fn read(text: &str) -> Option<Manifest> {
    let manifest: Manifest = serde_json::from_str(text).ok()?;
    (manifest.schema == SCHEMA).then_some(manifest)
}

/// Reads its head alone.
pub(crate) fn read_head(text: &str) -> Option<Head> {
    let head: Head = serde_json::from_str(text).ok()?;
    (head.schema == SCHEMA).then_some(head)
}

/// The manifest of a bundle.
pub(crate) fn of(bundle: &Bundle) -> Option<Manifest> {
    read(&bundle.files.get(NAME)?.text)
}

/// Brings the manifest's digests up to date, after [`Bundle::fill_key`] has changed files.
pub fn seal(bundle: &mut Bundle) {
    if let Some(mut manifest) = of(bundle) {
        manifest.digests = digests(&bundle.files);
        write(bundle, manifest);
    }
}

/// SHA-256 of each file but the manifest.
pub(crate) fn digests(files: &BTreeMap<String, BundleFile>) -> BTreeMap<String, String> {
    let others = files.iter().filter(|(path, _)| *path != NAME);
    others
        .map(|(path, file)| (path.clone(), digest(&file.text)))
        .collect()
}

/// Gives the files, rendered for another generation, the number `generation`: only `load` names it.
pub(crate) fn renumber(bundle: &mut Bundle, manifest: &mut Manifest, generation: u64) {
    let line = |number: u64| format!("\nGENERATION={number}\n");
    if let Some(load) = bundle.files.get_mut("load") {
        load.text = load
            .text
            .replacen(&line(manifest.generation), &line(generation), 1);
        manifest.digests.insert("load".to_owned(), digest(&load.text));
    }
    manifest.generation = generation;
}

/// Puts the manifest into the bundle.
#[expect(clippy::needless_pass_by_value, reason = "what is written is done with")]
pub(crate) fn write(bundle: &mut Bundle, manifest: Manifest) {
    bundle
        .files
        .insert(NAME.to_owned(), file(0o600, text_of(&manifest)));
}

/// JSON with a field a line. The desired state, the one long field, stays on its line, so that a look at the host can
/// leave it out, and what is left is JSON as well.
fn text_of(manifest: &Manifest) -> String {
    let mut text = "{\n".to_owned();
    let mut field = |name: &str, value: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  \"{name}\": {value}{}",
            if name == "digests" { "" } else { "," }
        );
    };
    field("schema", json(&manifest.schema));
    field("host", json(&manifest.host));
    field("inventory", json(&manifest.inventory));
    field("role", json(&manifest.role));
    field("generation", json(&manifest.generation));
    field("program", json(&manifest.program));
    field("desired", json(&manifest.desired));
    field("digests", json(&manifest.digests));
    text.push_str("}\n");
    text
}

/// Plain values and text keys always have a JSON form.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// SHA-256 as sha256sum(1) prints it.
fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
