//! Shells.

use std::sync::Arc;
use wirewarp_engine::TerminalSize as Size;

use crate::{
    Desktop,
    change::name,
    errors::{Answered, bad_input, user},
    terminals::Take,
    view::{TerminalId, TerminalSize},
};

/// Larger is no terminal; sshd takes what it is given.
const MOST: u32 = 2_000;

/// Opens a shell on a host, or the console of a guest: `PROXMOX:NUMBER`.
pub(crate) async fn open(
    desktop: &Arc<Desktop>,
    host: String,
    size: TerminalSize,
    take: Take,
) -> Answered<TerminalId> {
    let size = read(size)?;
    let shell = match host.split_once(':') {
        Some((proxmox, vmid)) => {
            let number = vmid
                .parse()
                .map_err(|_| bad_input("host", "it is no guest's number"))?;
            let proxmox = name("host", proxmox)?;
            desktop.engine.open_console(&proxmox, number, size).await
        }
        None => desktop.engine.open_shell(&name("host", &host)?, size).await,
    };
    let shell = shell.map_err(user)?;
    Ok(desktop.terminals.begin(shell, take, desktop.outside.clone()))
}

pub(crate) async fn write(desktop: &Arc<Desktop>, id: TerminalId, text: String) -> Answered<()> {
    desktop.terminals.write(id, text.as_bytes()).await
}

pub(crate) async fn ack(desktop: &Arc<Desktop>, id: TerminalId, bytes: u32) -> Answered<()> {
    desktop.terminals.ack(id, bytes)
}

pub(crate) async fn resize(desktop: &Arc<Desktop>, id: TerminalId, size: TerminalSize) -> Answered<()> {
    desktop.terminals.resize(id, read(size)?).await
}

pub(crate) async fn close(desktop: &Arc<Desktop>, id: TerminalId) -> Answered<()> {
    desktop.terminals.close(id)
}

fn read(size: TerminalSize) -> Answered<Size> {
    let fits = |n: u32| (1..=MOST).contains(&n);
    if !fits(size.cols) || !fits(size.rows) {
        return Err(bad_input("size", "a terminal has 1 to 2000 columns and rows"));
    }
    Ok(Size {
        columns: size.cols,
        rows: size.rows,
    })
}
