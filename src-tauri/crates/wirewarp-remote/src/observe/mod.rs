//! One look at a host: a probe that prints marked sections, and a parser per section.
//!
//! Everything that comes back is untrusted. Parsing is total: garbage gives an [`ObserveError`] that names the section.

mod base;
mod error;
mod firewalls;
mod interfaces;
mod listeners;
mod ours;
mod routes;
mod sections;
mod tools;
mod wireguard;

pub use error::ObserveError;
use sections::{ALL, OWN, Sections};
use wirewarp_model::observed::Observed;

use crate::session::{ScriptLimits, ScriptRunner};

/// Defines the functions `probe MARK`, and `check_aside`, `probe_sections` and `own_sections`, of which it consists.
pub(crate) const PROBE: &str = include_str!("probe.sh");

/// Looks at the host, in one exec. It changes nothing there.
pub async fn observe(runner: &dyn ScriptRunner) -> Result<Observed, ObserveError> {
    let mark = new_mark();
    let script = format!("{PROBE}\nprobe {mark}\n");
    let mut text = String::new();
    let mut take = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let outcome = runner
        .run_script(&script, &ScriptLimits::default(), &mut take)
        .await?;
    if text.is_empty() {
        return Err(ObserveError::silent(&outcome.stderr));
    }
    parse(&mark, &text)
}

/// A mark that nothing on the host can know beforehand. Letters, digits and dashes.
pub(crate) fn new_mark() -> String {
    format!("ww-{}", uuid::Uuid::new_v4())
}

/// Parses what the probe printed for `mark`.
pub fn parse(mark: &str, text: &str) -> Result<Observed, ObserveError> {
    let sections = Sections::split(mark, text, &ALL)?;
    let mut seen = Observed::default();
    base::read(sections.needed("base")?, &mut seen)?;
    seen.os = tools::os(sections.needed("os")?, std::mem::take(&mut seen.os));
    seen.tools = tools::versions(sections.needed("tools")?);
    seen.interfaces = interfaces::parse(sections.tool("addresses")?)?;
    seen.routes = routes::parse(sections.tool("routes")?)?;
    let units = tools::Units::parse(sections.optional("units")?);
    seen.listeners = listeners::parse(sections.tool("listeners")?, sections.optional("containers")?)?;
    seen.sshd_ports = listeners::sshd_ports(sections.tool("listeners")?, &units, seen.ssh_local);
    seen.firewalls = firewalls::parse(sections.needed("firewalls")?, &units)?;
    read_own(&sections, &mut seen)?;
    Ok(seen)
}

/// Parses what `own_sections` printed for `mark`: `before`, with what an apply can have changed as it is now.
pub fn parse_own(mark: &str, text: &str, before: &Observed) -> Result<Observed, ObserveError> {
    let sections = Sections::split(mark, text, &OWN)?;
    let mut seen = before.clone();
    read_own(&sections, &mut seen)?;
    Ok(seen)
}

fn read_own(sections: &Sections<'_>, seen: &mut Observed) -> Result<(), ObserveError> {
    let wireguard = wireguard::parse(sections.tool("wireguard")?)?;
    seen.other_wireguard = wireguard.others;
    seen.sysctls = tools::sysctls(sections.needed("sysctls")?);
    seen.ours = ours::parse(sections, wireguard.own)?;
    Ok(())
}

/// Entry for fuzzing: `data` as the answer of a host, behind a mark that it knows.
pub fn fuzz_parse(data: &[u8]) {
    let _ = parse("ww-fuzz", &String::from_utf8_lossy(data));
}
