//! A plan as people read it.

use wirewarp_engine::{Finding, HostPreview, Preview, Severity};

use super::style::{self, paint};

/// The plan of every host: what changes in words, warnings, and the file diffs if asked for.
pub fn text(preview: &Preview, with_diffs: bool) -> String {
    let unreached = unreached(preview);
    if preview.is_empty() && !unreached.is_empty() {
        return unreached.join("\n");
    }
    if preview.is_empty() {
        let notes: Vec<String> = preview.all().flat_map(findings).collect();
        return [
            vec!["Nothing to do: every host is as the inventory wants it.".to_owned()],
            notes,
        ]
        .concat()
        .join("\n");
    }
    let hosts = preview.all().map(|host| one(host, with_diffs));
    hosts.chain(unreached).collect::<Vec<_>>().join("\n")
}

fn unreached(preview: &Preview) -> Vec<String> {
    let left = "it is left as it is, for a later `wirewarp apply`";
    let line = |(_, error)| format!("{} ({left})", paint(style::BAD, error));
    preview.unreached().map(line).collect()
}

fn one(host: &HostPreview, with_diffs: bool) -> String {
    let mut lines = vec![headline(host)];
    lines.extend(host.plan.changes.iter().map(|change| format!("  {change}")));
    if !host.plan.packages.is_empty() {
        lines.push(format!("  install {}", host.plan.packages.join(", ")));
    }
    lines.extend(findings(host));
    if with_diffs {
        lines.extend(
            host.plan
                .diffs
                .iter()
                .flat_map(|diff| diff.unified.lines().map(coloured).collect::<Vec<_>>()),
        );
    }
    lines.join("\n")
}

fn headline(host: &HostPreview) -> String {
    let system = if host.system.is_empty() {
        String::new()
    } else {
        format!(" ({})", host.system)
    };
    let what = if host.plan.is_empty() {
        ": nothing to do".to_owned()
    } else if host.plan.generation == 0 {
        ": everything of WireWarp is taken away".to_owned()
    } else {
        format!(": generation {} -> {}", host.plan.base, host.plan.generation)
    };
    format!("{}{system}{what}", paint(style::BOLD, &host.name))
}

fn findings(host: &HostPreview) -> Vec<String> {
    let mut lines = Vec::new();
    // What is only good to know is told once, when the host is set up.
    let told = |finding: &&Finding| finding.severity != Severity::Note || host.plan.base == 0;
    for finding in host.plan.findings.iter().filter(told) {
        let (word, style) = match finding.severity {
            Severity::Error => ("refused", style::BAD),
            Severity::Warning => ("warning", style::WARN),
            Severity::Note => ("note", style::DIM),
        };
        lines.push(format!(
            "  {} {}",
            paint(style, format!("{word}:")),
            finding.message
        ));
        lines.extend(finding.hints.iter().map(|hint| format!("    → {hint}")));
    }
    lines
}

fn coloured(line: &str) -> String {
    match line.as_bytes().first() {
        Some(b'+') => paint(style::GOOD, line),
        Some(b'-') => paint(style::BAD, line),
        _ => line.to_owned(),
    }
}
