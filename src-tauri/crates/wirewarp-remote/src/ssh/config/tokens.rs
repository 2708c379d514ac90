//! `~`, `%h` and `${NAME}` inside values (`TOKENS` and `ENVIRONMENT VARIABLES` in `ssh_config(5)`).

use std::path::{Path, PathBuf};

/// What the tokens stand for.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Tokens {
    /// `%h`: the host name as dialled.
    pub host: String,
    /// `%n`: the name as the person gave it.
    pub original: String,
    /// `%p`: the port.
    pub port: u16,
    /// `%r`: the login name there.
    pub user: String,
    /// `%u`: the login name here.
    pub local_user: String,
    /// `%d` and `~`: the home directory here.
    pub home: Option<PathBuf>,
}

impl Tokens {
    /// `value` with its tokens replaced, as a path. Fails with what cannot be replaced.
    pub(in super::super) fn path(&self, value: &str) -> Result<PathBuf, String> {
        Ok(expand_home(
            &self.text(&expand_variables(value)?)?,
            self.home.as_deref(),
        ))
    }

    /// `value` with its `%` tokens replaced.
    pub(in super::super) fn text(&self, value: &str) -> Result<String, String> {
        let mut out = String::with_capacity(value.len());
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('%') => out.push('%'),
                Some('h' | 'k') => out.push_str(&self.host),
                Some('n') => out.push_str(&self.original),
                Some('p') => out.push_str(&self.port.to_string()),
                Some('r') => out.push_str(&self.user),
                Some('u') => out.push_str(&self.local_user),
                Some('d') => out.push_str(&self.home.as_deref().unwrap_or(Path::new("")).to_string_lossy()),
                Some(other) => return Err(format!("%{other} in “{value}” is not supported")),
                None => return Err(format!("“{value}” ends in the middle of a token")),
            }
        }
        Ok(out)
    }
}

/// `path` with a leading `~` or `~/` replaced by the home directory.
pub(in super::super) fn expand_home(path: &str, home: Option<&Path>) -> PathBuf {
    let rest = if path == "~" {
        Some("")
    } else {
        path.strip_prefix("~/").or_else(|| path.strip_prefix("~\\"))
    };
    match (rest, home) {
        (Some(""), Some(home)) => home.to_path_buf(),
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

fn expand_variables(value: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = value;
    while let Some(start) = rest.find("${") {
        let after = &rest[start + 2..];
        let end = after
            .find('}')
            .ok_or_else(|| format!("“{value}” has ${{ without }}"))?;
        let name = &after[..end];
        let set = std::env::var(name).map_err(|_| format!("the variable {name} in “{value}” is not set"))?;
        out.push_str(&rest[..start]);
        out.push_str(&set);
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}
