//! Proxmox hosts and their guests.

use std::sync::Arc;
use wirewarp_engine::{
    Assignment,
    progress::Silent,
    proxmox::{AddProxmox, AddressChoice, AttachGuest, NicChoice, NodePeer, ProxmoxSignIn},
};
use wirewarp_model::{Name, net::parse_machine};

use super::{Proposed, forward::opened, given, name};
use crate::{
    Desktop,
    errors::{Answered, at, bad_input, user},
    plans::{GuestWork, KeptPlan},
    view::{AddressForm, ForwardDraft, GuestForm, NicForm, NodePeerForm, ProxmoxSignInForm},
};

pub(super) async fn add(
    desktop: &Desktop,
    host: &str,
    url: String,
    form: ProxmoxSignInForm,
) -> Answered<Proposed> {
    if given(&url).is_none() {
        return Err(bad_input(
            "url",
            "type where its window opens, such as https://192.168.1.10:8006",
        ));
    }
    let request = AddProxmox {
        name: name("name", host)?,
        url,
        trust: None,
        sign_in: sign_in(form)?,
    };
    Ok(desktop.engine.add_proxmox(request).await.map_err(user)?.into())
}

pub(super) async fn login(desktop: &Desktop, host: &str, form: ProxmoxSignInForm) -> Answered<Proposed> {
    let (host, form) = (name("name", host)?, sign_in(form)?);
    Ok(desktop
        .engine
        .login_proxmox(&host, form)
        .await
        .map_err(user)?
        .into())
}

pub(super) async fn remove(desktop: &Desktop, host: &str, forget: bool) -> Answered<Proposed> {
    let host = name("name", host)?;
    Ok(desktop
        .engine
        .remove_proxmox(&host, forget)
        .await
        .map_err(user)?
        .into())
}

pub(super) async fn attach(desktop: &Arc<Desktop>, form: GuestForm) -> Answered<Proposed> {
    let request = request(desktop, form).await?;
    Ok(Proposed::Guest(plan_attach(desktop, request).await?))
}

pub(super) async fn detach(desktop: &Desktop, host: &Name, vmid: u32) -> Answered<Proposed> {
    let plan = desktop.engine.plan_detach(host, vmid).await.map_err(user)?;
    Ok(Proposed::Guest(GuestWork::Detach(Box::new(plan))))
}

/// The same again, planned from what is there now.
pub(crate) async fn again(desktop: &Arc<Desktop>, plan: &KeptPlan) -> Answered<Option<GuestWork>> {
    match &plan.guest {
        None => Ok(None),
        Some(GuestWork::Attach(_, request)) => {
            Ok(Some(plan_attach(desktop, request.as_ref().clone()).await?))
        }
        Some(work @ GuestWork::Detach(_)) => {
            let plan = work.plan();
            let plan = desktop.engine.plan_detach(&plan.proxmox, plan.vmid).await;
            Ok(Some(GuestWork::Detach(Box::new(plan.map_err(user)?))))
        }
    }
}

async fn plan_attach(desktop: &Arc<Desktop>, request: AttachGuest) -> Answered<GuestWork> {
    let planned = Box::pin(desktop.engine.plan_attach(request.clone(), Arc::new(Silent))).await;
    Ok(GuestWork::Attach(
        Box::new(planned.map_err(user)?),
        Box::new(request),
    ))
}

fn sign_in(form: ProxmoxSignInForm) -> Answered<ProxmoxSignIn> {
    match form {
        ProxmoxSignInForm::Token { token } => {
            let token = token.into_secret();
            if given(token.expose()).is_none() {
                return Err(bad_input("token", "paste it: user@realm!name=secret"));
            }
            Ok(ProxmoxSignIn::Token(token))
        }
        ProxmoxSignInForm::Password {
            user,
            password,
            make_token,
        } => {
            if given(&user).is_none() {
                return Err(bad_input("user", "type user and realm, such as root@pam"));
            }
            Ok(ProxmoxSignIn::Password {
                user,
                password: password.into_secret(),
                code: None,
                make_token,
            })
        }
    }
}

async fn request(desktop: &Arc<Desktop>, form: GuestForm) -> Answered<AttachGuest> {
    let draft = ForwardDraft {
        peer: String::new(),
        ports: form.ports,
        protocols: form.protocols,
        to: String::new(),
        label: form.label,
        template: form.template,
    };
    let opens = draft
        .template
        .as_deref()
        .and_then(given)
        .or(given(&draft.ports))
        .is_some();
    let forwards = if opens {
        opened(desktop, &draft, true).await?
    } else {
        vec![]
    };
    Ok(AttachGuest {
        proxmox: name("proxmox", &form.proxmox)?,
        vmid: form.vmid,
        peer: given(&form.peer).map(|text| name("peer", text)).transpose()?,
        new_peer: form.new_peer.map(|form| new_peer(desktop, &form)).transpose()?,
        nic: match form.nic {
            NicForm::New => NicChoice::New,
            NicForm::Replace { index } => NicChoice::Replace(index),
            NicForm::Lan { address } => {
                let address = given(&address)
                    .map(|text| parse_machine("lan_address", text))
                    .transpose();
                NicChoice::KeepOnLan(at("lan_address", address)?)
            }
        },
        address: match form.address {
            AddressForm::Auto => AddressChoice::Auto,
            AddressForm::Dhcp => AddressChoice::Dhcp,
            AddressForm::Config => AddressChoice::Config,
            AddressForm::Agent => AddressChoice::Agent,
            AddressForm::ByHand => AddressChoice::ByHand,
        },
        forwards,
    })
}

fn new_peer(desktop: &Desktop, form: &NodePeerForm) -> Answered<NodePeer> {
    let login = form.login.as_deref();
    Ok(NodePeer {
        vps: given(&form.vps).map(|text| name("vps", text)).transpose()?,
        login: login
            .map(|form| super::login(form, &desktop.settings.get()))
            .transpose()?,
        assignment: at("ip", Assignment::parse(given(&form.ip).unwrap_or("round-robin")))?,
    })
}
