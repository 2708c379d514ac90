//! What a template opens.

use wirewarp_model::{Name, PortForwardPorts};
use wirewarp_plan::template::{self, TemplatePorts};

use crate::error::EngineError;

/// What a template of this name opens; `own` is the text of the person's own, which goes before a built-in one.
pub fn ports(name: &Name, own: Option<&str>) -> Result<Vec<PortForwardPorts>, EngineError> {
    let ports: TemplatePorts = match own {
        Some(text) => text.parse()?,
        None => template::find(name).ok_or_else(|| unknown(name))?.forwards,
    };
    let forward = |(protocols, mappings): (_, &wirewarp_model::PortMappings)| PortForwardPorts::Ports {
        protocols,
        mappings: mappings.clone(),
    };
    Ok(ports.iter().map(forward).collect())
}

fn unknown(name: &Name) -> EngineError {
    let known = template::builtin();
    EngineError::not_found(
        "template",
        name.as_str(),
        known.iter().map(|template| template.name.as_str()),
    )
}
