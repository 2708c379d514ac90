//! Who is connected through a forward.

use std::{net::Ipv4Addr, sync::Arc};
use wirewarp_engine::Clients;
use wirewarp_model::ForwardId;

use crate::{
    Desktop,
    errors::{Answered, bad_input, user},
};

pub(crate) async fn clients(desktop: &Arc<Desktop>, forward: ForwardId) -> Answered<Clients> {
    desktop.engine.clients(forward).await.map_err(user)
}

pub(crate) async fn end(desktop: &Arc<Desktop>, forward: ForwardId, client: String) -> Answered<u32> {
    let ended = desktop.engine.end_client(forward, address(&client)?).await;
    Ok(small(ended.map_err(user)?))
}

pub(crate) async fn block(
    desktop: &Arc<Desktop>,
    forward: ForwardId,
    client: String,
    seconds: u32,
) -> Answered<u32> {
    let client = address(&client)?;
    let ended = desktop.engine.block_client(forward, client, seconds.into()).await;
    Ok(small(ended.map_err(user)?))
}

pub(crate) async fn unblock(desktop: &Arc<Desktop>, forward: ForwardId, client: String) -> Answered<()> {
    let client = address(&client)?;
    desktop.engine.unblock_client(forward, client).await.map_err(user)
}

fn address(text: &str) -> Answered<Ipv4Addr> {
    text.trim()
        .parse()
        .map_err(|_| bad_input("client", "it is not an IPv4 address, e.g. 198.51.100.7"))
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
