//! Port forwards.

use std::collections::BTreeSet;
use wirewarp_engine::edit::{
    self,
    forward::{NewForward, TargetSpec},
};
use wirewarp_model::{
    ForwardId, Inventory, Label, Name, PortForwardPorts, PortMappings, Protocols, UserError,
};

use super::{Proposed, edited, given, name};
use crate::{
    Desktop,
    errors::{Answered, at, bad_input, user},
    view::ForwardDraft,
};

/// Longest text of forwards, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

pub(super) async fn add(desktop: &Desktop, draft: &ForwardDraft, enabled: bool) -> Answered<Proposed> {
    let (peer, entries) = entries(desktop, draft, enabled).await?;
    let edit = |inventory: &Inventory| edit::forward::add(inventory, &peer, entries).map(|(after, _)| after);
    edited(desktop, "port.add", edit).await
}

pub(super) async fn import(desktop: &Desktop, peer: &str, text: &str) -> Answered<Proposed> {
    let (peer, entries) = (name("peer", peer)?, lines(text)?);
    let edit = |inventory: &Inventory| edit::forward::add(inventory, &peer, entries).map(|(after, _)| after);
    edited(desktop, "port.add", edit).await
}

pub(super) async fn edit(desktop: &Desktop, forward: &str, draft: &ForwardDraft) -> Answered<Proposed> {
    let (forward, peer, entry) = (id(forward)?, name("peer", &draft.peer)?, entry(draft, true)?);
    let edit = |inventory: &Inventory| edit::forward::replace(inventory, forward, &peer, entry);
    edited(desktop, "port.edit", edit).await
}

pub(super) async fn remove(desktop: &Desktop, forwards: &[String]) -> Answered<Proposed> {
    let ids = ids(forwards)?;
    let edit = |inventory: &Inventory| Ok(edit::forward::remove(inventory, &ids));
    edited(desktop, "port.remove", edit).await
}

pub(super) async fn set_enabled(desktop: &Desktop, forwards: &[String], enabled: bool) -> Answered<Proposed> {
    let ids = ids(forwards)?;
    let action = if enabled { "port.enable" } else { "port.disable" };
    let edit = |inventory: &Inventory| Ok(edit::forward::set_enabled(inventory, &ids, enabled));
    edited(desktop, action, edit).await
}

/// The peer and the forwards of a draft: one, or those of its template.
pub(crate) async fn entries(
    desktop: &Desktop,
    draft: &ForwardDraft,
    enabled: bool,
) -> Answered<(Name, Vec<NewForward>)> {
    Ok((name("peer", &draft.peer)?, opened(desktop, draft, enabled).await?))
}

/// The forwards of a draft, whichever its peer.
pub(super) async fn opened(
    desktop: &Desktop,
    draft: &ForwardDraft,
    enabled: bool,
) -> Answered<Vec<NewForward>> {
    let Some(template) = draft.template.as_deref().and_then(given) else {
        return Ok(vec![entry(draft, enabled)?]);
    };
    let template = name("template", template)?;
    let sets = desktop.engine.template_ports(&template).await.map_err(user)?;
    let usual = given(&draft.label).unwrap_or(template.as_str());
    let label: Label = at("label", usual.parse())?;
    let target = target(&draft.to)?;
    let entry = |ports| NewForward {
        ports,
        target,
        label: label.clone(),
        template: Some(template.clone()),
        enabled,
    };
    Ok(sets.into_iter().map(entry).collect())
}

fn entry(draft: &ForwardDraft, enabled: bool) -> Answered<NewForward> {
    Ok(NewForward {
        ports: ports(&draft.ports, given(&draft.protocols))?,
        target: target(&draft.to)?,
        label: at("label", draft.label.parse())?,
        template: None,
        enabled,
    })
}

fn ports(text: &str, protocols: Option<&str>) -> Answered<PortForwardPorts> {
    if text.trim().eq_ignore_ascii_case("all") {
        return Ok(PortForwardPorts::All);
    }
    let protocols = at("protocols", protocols.map_or(Ok(Protocols::Tcp), str::parse))?;
    let mappings = at("ports", text.parse::<PortMappings>())?;
    Ok(PortForwardPorts::Ports { protocols, mappings })
}

fn target(text: &str) -> Answered<Option<TargetSpec>> {
    at("to", given(text).map(TargetSpec::parse).transpose())
}

/// One forward a line; a bad line is named by its number.
fn lines(text: &str) -> Answered<Vec<NewForward>> {
    if text.len() > MOST_BYTES {
        return Err(bad_input("text", "it is longer than 4 MB"));
    }
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    let numbered = lines.enumerate().filter(|(_, line)| !line.is_empty());
    let entries: Vec<NewForward> = numbered
        .map(|(at, text)| {
            line(text).map_err(|error| bad_input("text", format!("line {}: {}", at + 1, error.message)))
        })
        .collect::<Result<_, _>>()?;
    if entries.is_empty() {
        return Err(bad_input(
            "text",
            "there is no forward in it; write e.g. “25565 both” in a line",
        ));
    }
    Ok(entries)
}

fn line(text: &str) -> Answered<NewForward> {
    let mut words = text.splitn(4, char::is_whitespace).map(str::trim);
    let (first, protocols, to, label) = (words.next(), words.next(), words.next(), words.next());
    Ok(NewForward {
        ports: ports(first.unwrap_or_default(), protocols)?,
        target: target(to.filter(|to| *to != "-").unwrap_or_default())?,
        label: at("label", label.unwrap_or_default().parse())?,
        template: None,
        enabled: true,
    })
}

fn ids(texts: &[String]) -> Answered<BTreeSet<ForwardId>> {
    if texts.is_empty() {
        return Err(bad_input("ids", "choose at least one forward"));
    }
    texts
        .iter()
        .map(|text| id(text))
        .collect::<Result<_, UserError>>()
}

fn id(text: &str) -> Answered<ForwardId> {
    at("ids", text.parse::<ForwardId>())
}
