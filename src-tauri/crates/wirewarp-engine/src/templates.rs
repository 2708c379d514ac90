//! Templates: the built-in ones and the person's own.

use serde::Serialize;
use wirewarp_model::{Name, PortForwardPorts};
use wirewarp_plan::template::{self, TemplatePorts};

use crate::{Engine, edit, error::EngineError, record::who};

/// A template as it is listed.
#[derive(Debug, Clone, Serialize)]
pub struct TemplateEntry {
    /// Its name.
    pub name: Name,
    /// Its ports, e.g. `25565 tcp, 19132 udp`.
    pub ports: String,
    /// What it is for.
    pub title: String,
    /// `game`, `voice`, `web`, `remote`, `media` or `service`; `own` for the person's.
    pub kind: String,
    /// Where the ports are from; empty for the person's own.
    pub source: String,
    /// Whether it is the person's own.
    pub own: bool,
}

impl Engine {
    /// All templates, by name; one of the person's own goes before a built-in one of the same name.
    pub async fn templates(&self) -> Result<Vec<TemplateEntry>, EngineError> {
        let own = self.store.templates().await?;
        let mut entries: Vec<TemplateEntry> = own
            .into_iter()
            .map(|(name, ports)| TemplateEntry {
                name,
                ports,
                title: String::new(),
                kind: "own".into(),
                source: String::new(),
                own: true,
            })
            .collect();
        for built_in in template::builtin() {
            if !entries.iter().any(|entry| entry.name.is(&built_in.name)) {
                let ports = built_in.forwards.to_string();
                entries.push(TemplateEntry {
                    name: built_in.name,
                    ports,
                    title: built_in.title,
                    kind: built_in.kind,
                    source: built_in.source,
                    own: false,
                });
            }
        }
        entries.sort_by_key(|entry| entry.name.key());
        Ok(entries)
    }

    /// What a template opens.
    pub async fn template_ports(&self, name: &Name) -> Result<Vec<PortForwardPorts>, EngineError> {
        let own = self.store.templates().await?;
        let own = own
            .into_iter()
            .find(|(known, _)| known.is(name))
            .map(|(_, ports)| ports);
        edit::template::ports(name, own.as_deref())
    }

    /// Adds a template, or replaces one of the person's own.
    pub async fn add_template(&self, name: &Name, ports: &str) -> Result<(), EngineError> {
        let parsed: TemplatePorts = ports.parse()?;
        Ok(self.store.put_template(name, &parsed.to_string(), &who()).await?)
    }

    /// Removes one of the person's own.
    pub async fn remove_template(&self, name: &Name) -> Result<(), EngineError> {
        if self.store.remove_template(name, &who()).await? {
            return Ok(());
        }
        let own = self.store.templates().await?;
        let known: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
        Err(EngineError::not_found(
            "template of your own",
            name.as_str(),
            known.into_iter(),
        ))
    }
}
