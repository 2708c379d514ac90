//! Hosts that are not as they should be.

use wirewarp_engine::EngineError;

use super::{Proposed, login, name};
use crate::{
    Desktop,
    errors::{Answered, user},
    view::LoginForm,
};

pub(super) async fn relogin(desktop: &Desktop, host: &str, form: &LoginForm) -> Answered<Proposed> {
    let (host, login) = (name("host", host)?, login(form, &desktop.settings.get())?);
    Ok(desktop.engine.relogin(&host, login).await.map_err(user)?.into())
}

pub(super) async fn adopt(desktop: &Desktop, host: &str) -> Answered<Proposed> {
    let host = name("host", host)?;
    Ok(desktop.engine.adopt(&host).await.map_err(user)?.into())
}

pub(super) async fn repair(desktop: &Desktop, host: &str) -> Answered<Proposed> {
    let host = name("host", host)?;
    let preview = desktop.engine.preview_named(&[host]).await.map_err(user)?;
    Ok(Proposed::Hosts(Box::new(preview), "host.repair"))
}

pub(super) async fn rollback(desktop: &Desktop, host: &str, generation: Option<u64>) -> Answered<Proposed> {
    let host = name("host", host)?;
    let preview = desktop.engine.preview_rollback(&host, generation).await;
    let preview = preview.map_err(|error: EngineError| user(error))?;
    Ok(Proposed::Hosts(Box::new(preview), "rollback"))
}
