//! Before the apply: packages, keys, and how large packets may be. After the last removal: packages again.

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};
use uuid::Uuid;
use wirewarp_model::{IfName, WgPublicKey, observed::PackageManager};

use super::{
    ApplyError, Events,
    events::LogLine,
    read_log::Log,
    script::{self, Script, bad_request},
};
use crate::{
    path::{PATH, PathMtu},
    session::{ScriptLimits, ScriptRunner},
};

/// What a host needs before an apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preparation {
    /// How packages are installed there; may be none if none are needed.
    pub manager: Option<PackageManager>,
    /// Names of that package manager's packages; those already there are left alone.
    pub packages: Vec<String>,
    /// Tunnels whose key must be there.
    pub keys: Vec<IfName>,
    /// Addresses whose path is to be measured; see [`crate::path`].
    pub paths: Vec<Ipv4Addr>,
    /// How long to wait for a package manager that is in use.
    pub patience: Duration,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Packages that are new on the host, also those that came along.
    pub installed: Vec<String>,
    /// The public key of each tunnel asked for.
    pub keys: BTreeMap<IfName, WgPublicKey>,
    /// What each path asked for carries.
    pub paths: BTreeMap<Ipv4Addr, PathMtu>,
}

/// Installs what is missing, makes the keys that are missing, and measures paths. Never rolled back; doing it again does nothing.
///
/// Fails with [`ApplyError::PackageLockTimeout`] or `PackagesFailed`, or as [`super::apply`] does.
pub async fn prepare(
    runner: &dyn ScriptRunner,
    preparation: &Preparation,
    events: Events<'_>,
) -> Result<Prepared, ApplyError> {
    let limits = ScriptLimits {
        time: preparation.patience + Duration::from_mins(20),
        ..ScriptLimits::default()
    };
    let operation = Uuid::new_v4().to_string();
    let script = prepare_script(&operation, preparation)?;
    let log = Log::read(runner, &script, &limits, events, (&operation, "prepared")).await?;
    let (mut prepared, mut echoes) = (Prepared::default(), vec![]);
    for result in log.results {
        match result {
            LogLine::Installed(package) => prepared.installed.push(package),
            LogLine::Key(interface, key) => drop(prepared.keys.insert(interface, key)),
            LogLine::Echo(echo) => echoes.push(echo),
            LogLine::Event(_)
            | LogLine::Note(_)
            | LogLine::Output(_)
            | LogLine::End(..)
            | LogLine::Unknown => {}
        }
    }
    prepared.paths = PathMtu::of_each(&preparation.paths, &echoes);
    if let Some(missing) = preparation
        .keys
        .iter()
        .find(|name| !prepared.keys.contains_key(*name))
    {
        return Err(ApplyError::Broken(format!("it has no key for {missing}")));
    }
    Ok(prepared)
}

fn prepare_script(operation: &str, preparation: &Preparation) -> Result<Script, ApplyError> {
    let packages = package_words(&preparation.packages)?;
    if !packages.is_empty() && preparation.manager.is_none() {
        return Err(bad_request(
            "packages are needed, and the host has no package manager that is known",
        ));
    }
    let keys: Vec<&str> = preparation.keys.iter().map(key_word).collect::<Result<_, _>>()?;
    let paths: Vec<String> = preparation.paths.iter().map(Ipv4Addr::to_string).collect();
    let patience = preparation.patience.as_secs();
    // Single quotes suffice: each word was checked to be of a plain alphabet.
    let request = format!(
        "MANAGER='{}' PACKAGES='{packages}' KEYS='{}' PATHS='{}' PATIENCE={patience}\n",
        preparation.manager.map_or("", manager_word),
        keys.join(" "),
        paths.join(" ")
    );
    let mut script = Script::new(&[script::COMMON, script::LAUNCH]);
    script
        .call("open_folder", &[operation])?
        .put("run", &[script::COMMON, PATH, script::PACKAGES].concat())?
        .put("request", &request)?
        .call("launch", &[&format!("wirewarp-packages-{operation}")])?
        .call("follow", &[&(patience + 1190).to_string()])?;
    Ok(script)
}

/// The name as a word; it must be that of a tunnel of ours, with the serial of a renewed key behind it: `ww0`, `ww0.1`.
fn key_word(name: &IfName) -> Result<&str, ApplyError> {
    let word = name.as_str();
    let (tunnel, serial) = word.split_once('.').unwrap_or((word, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if tunnel.strip_prefix("ww").is_some_and(digits) && digits(serial) {
        Ok(word)
    } else {
        Err(bad_request(&format!("{name} is not the name of a tunnel's key")))
    }
}

/// Which packages went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemovedPackages {
    /// Gone.
    pub removed: Vec<String>,
    /// Left, because something else needs them by now.
    pub kept: Vec<String>,
}

/// Removes packages that WireWarp installed (from `Ours::packages`), except what something else needs.
pub async fn remove_packages(
    runner: &dyn ScriptRunner,
    manager: PackageManager,
    packages: &[String],
) -> Result<RemovedPackages, ApplyError> {
    let mut script = Script::new(&[script::COMMON, script::UNPACKAGES]);
    script
        .assign("MANAGER", manager_word(manager))?
        .assign("PACKAGES", &package_words(packages)?)?
        .call("remove_packages", &[])?;
    let limits = ScriptLimits {
        time: Duration::from_mins(10),
        ..ScriptLimits::default()
    };
    let (mut result, mut ended) = (RemovedPackages::default(), false);
    let mut take = |line: &str| match line.split_once(' ') {
        Some(("removed", package)) => result.removed.push(package.to_owned()),
        Some(("kept", package)) => result.kept.push(package.to_owned()),
        Some(("end", _)) => ended = true,
        _ => {}
    };
    let outcome = runner.run_script(&script.finish(), &limits, &mut take).await?;
    if ended {
        Ok(result)
    } else {
        Err(ApplyError::Broken(outcome.stderr))
    }
}

/// The names as words; each must be one that a package manager could have, and none an option.
pub(super) fn package_words(packages: &[String]) -> Result<String, ApplyError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+._-".contains(&b);
    for package in packages {
        let fits = package.starts_with(|c: char| c.is_ascii_alphanumeric()) && package.bytes().all(plain);
        if !fits || package.len() > 100 {
            return Err(bad_request(&format!(
                "“{}” is not a package's name",
                package.escape_debug()
            )));
        }
    }
    Ok(packages.join(" "))
}

pub(super) fn manager_word(manager: PackageManager) -> &'static str {
    match manager {
        PackageManager::Apt => "apt",
        PackageManager::Dnf => "dnf",
        PackageManager::Yum => "yum",
        PackageManager::Apk => "apk",
        PackageManager::Pacman => "pacman",
        PackageManager::Zypper => "zypper",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_package_name_never_reaches_the_host() {
        for bad in ["-y", "a b", "$(id)", "a'b", "", "../x", "a\nb"] {
            assert!(package_words(&[bad.to_owned()]).is_err(), "{bad:?}");
        }
        let good = ["wireguard-tools".to_owned(), "g++".to_owned()];
        assert_eq!(package_words(&good).unwrap(), "wireguard-tools g++");
    }
}
