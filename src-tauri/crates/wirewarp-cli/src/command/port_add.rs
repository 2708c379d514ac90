//! `wirewarp port add`.

use serde_json::json;
use std::{io::Read, path::Path, process::ExitCode};
use wirewarp_engine::{
    EngineError,
    edit::{
        self,
        forward::{NewForward, TargetSpec},
    },
};
use wirewarp_model::{Inventory, Label, Name, PortForwardPorts, Protocols};

use super::change::{carry_out, end, say};
use crate::{
    args::port::PortAdd,
    context::{Context, Failure, name},
};

/// Largest file of forwards, in bytes.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

pub async fn run(ctx: &Context, args: PortAdd) -> Result<ExitCode, Failure> {
    let peer = name(&args.peer)?;
    let entries = entries(ctx, &args).await?;
    let mut ids = Vec::new();
    let add = |inventory: &Inventory| {
        let (after, added) = edit::forward::add(inventory, &peer, entries)?;
        ids = added;
        Ok(after)
    };
    let proposal = ctx.engine.propose("port.add", add).await?;
    let done = carry_out(ctx, &proposal).await?;
    if done.applied && !ctx.global.dry_run && !ctx.global.no_apply {
        for line in addresses(&proposal.after, &peer, &ids) {
            say(ctx, &line);
        }
        say(ctx, "See it proved with: wirewarp check");
    }
    end(ctx, done, json!({ "forwards": ids }))
}

async fn entries(ctx: &Context, args: &PortAdd) -> Result<Vec<NewForward>, Failure> {
    let target = args.to.as_deref().map(TargetSpec::parse).transpose()?;
    if let Some(path) = args.from.as_ref().filter(|_| args.template.is_none()) {
        return from_file(path, !args.disabled);
    }
    let (ports, protocol) = (args.ports.as_deref(), args.proto.as_deref());
    let mut entries = opened(
        ctx,
        ports,
        protocol,
        args.template.as_deref(),
        args.label.as_deref(),
    )
    .await?;
    for entry in &mut entries {
        (entry.target, entry.enabled) = (target, !args.disabled);
    }
    Ok(entries)
}

/// What the ports, or the template, come to: forwards to wherever the peer's usually go.
pub async fn opened(
    ctx: &Context,
    typed: Option<&str>,
    protocol: Option<&str>,
    template: Option<&str>,
    label: Option<&str>,
) -> Result<Vec<NewForward>, Failure> {
    let mut label: Label = label.unwrap_or_default().parse()?;
    let template = template.map(name).transpose()?;
    let sets = match &template {
        Some(template) => ctx.engine.template_ports(template).await?,
        None => vec![ports(typed.unwrap_or_default(), protocol)?],
    };
    if let Some(template) = template.as_ref().filter(|_| label.as_str().is_empty()) {
        label = template.as_str().parse()?;
    }
    let entry = |ports| NewForward {
        ports,
        target: None,
        label: label.clone(),
        template: template.clone(),
        enabled: true,
    };
    Ok(sets.into_iter().map(entry).collect())
}

fn ports(text: &str, protocol: Option<&str>) -> Result<PortForwardPorts, Failure> {
    if text.trim().eq_ignore_ascii_case("all") {
        return Ok(PortForwardPorts::All);
    }
    let protocols = protocol.map_or(Ok(Protocols::Tcp), str::parse)?;
    Ok(PortForwardPorts::Ports {
        protocols,
        mappings: text.parse()?,
    })
}

/// One `PORTS [PROTOCOL [TARGET [LABEL]]]` a line; `#` begins a comment. A bad line is named by its number.
fn from_file(path: &Path, enabled: bool) -> Result<Vec<NewForward>, Failure> {
    let text = read(path)?;
    let lines = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.split('#').next().unwrap_or_default().trim()));
    let mut entries = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let entry = from_line(line, enabled).map_err(|failure| in_line(number, failure))?;
        entries.push(entry);
    }
    if entries.is_empty() {
        return Err(Failure::Usage(
            "The file has no forward in it; write e.g. “25565 both” in a line.".into(),
        ));
    }
    Ok(entries)
}

fn from_line(line: &str, enabled: bool) -> Result<NewForward, Failure> {
    let mut words = line.splitn(4, char::is_whitespace).map(str::trim);
    let (first, protocol, target, label) = (words.next(), words.next(), words.next(), words.next());
    Ok(NewForward {
        ports: ports(first.unwrap_or_default(), protocol)?,
        target: target
            .filter(|t| !t.is_empty() && *t != "-")
            .map(TargetSpec::parse)
            .transpose()?,
        label: label.unwrap_or_default().parse()?,
        template: None,
        enabled,
    })
}

fn in_line(number: usize, failure: Failure) -> Failure {
    match failure {
        Failure::Engine(error) => Failure::Usage(format!("Line {number}: {error}")),
        Failure::Usage(message) => Failure::Usage(format!("Line {number}: {message}")),
        Failure::Other(error) => Failure::Other(error),
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    let fail = |source| EngineError::File {
        path: path.display().to_string(),
        source,
    };
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(fail)?)
    };
    let mut text = String::new();
    reader.take(MOST_BYTES).read_to_string(&mut text).map_err(fail)?;
    Ok(text)
}

/// What to give to friends.
fn addresses(inventory: &Inventory, peer: &Name, ids: &[wirewarp_model::ForwardId]) -> Vec<String> {
    let Some((_, ip)) = inventory
        .peer_named(peer)
        .and_then(|peer| inventory.assigned_ip(peer))
    else {
        return vec![];
    };
    let forwards = ids
        .iter()
        .filter_map(|id| inventory.forward(*id))
        .filter(|forward| forward.enabled);
    forwards
        .map(|forward| format!("Open: {} on {}", forward.ports, ip.address))
        .take(20)
        .collect()
}
