//! `wirewarp support-bundle`: works without an inventory, which may be what is broken.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use wirewarp_engine::bundle;

use crate::{
    context::Failure,
    output::{
        self,
        table::{bytes, table},
    },
    person::Terminal,
};

pub async fn run(
    data_dir: &Path,
    file: Option<PathBuf>,
    mask_addresses: bool,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let path = file.unwrap_or_else(new_name);
    let made = bundle::write(data_dir, Arc::new(Terminal), &path, mask_addresses).await?;
    if as_json {
        output::json(&made)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |entry: &bundle::BundleEntry| {
        let size = bytes(u64::try_from(entry.bytes).unwrap_or(u64::MAX));
        vec![entry.name.clone(), size, entry.about.clone()]
    };
    output::print(&table(&["file", "size", "what"], made.entries.iter().map(row)));
    output::print(&format!("\nWritten to {}.", made.path.display()));
    if !made.secrets_compared {
        output::print(
            "The passwords that are kept could not be read, so only what has the shape of a secret was taken out.",
        );
    }
    output::print("Names are kept. Look through it before you give it away.");
    Ok(ExitCode::SUCCESS)
}

fn new_name() -> PathBuf {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%d-%H%M%S");
    format!("wirewarp-support-{now}.tar.gz").into()
}
