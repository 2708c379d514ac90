//! How a machine is logged in to.

use wirewarp_engine::{HostLogin, TypedTarget};
use wirewarp_model::{Port, inventory::SshAccess};

use super::given;
use crate::{
    errors::{Answered, at, bad_input},
    view::{LoginForm, LoginMethod, Settings},
};

/// Reads a login form. Its fields go before what its target says, and that before the settings.
pub(crate) fn login(form: &LoginForm, settings: &Settings) -> Answered<HostLogin> {
    let target = at("target", TypedTarget::parse(&form.target))?;
    let port = given(&form.port).map(str::parse::<Port>).transpose();
    let port = at("port", port)?.map(Port::number).or(target.port);
    let user = [
        given(&form.user),
        target.user.as_deref(),
        given(&settings.ssh_user),
    ];
    let mut access = SshAccess {
        address: target.address.clone(),
        port,
        user: user.into_iter().flatten().next().map(str::to_owned),
        key_file: target.key_file.map(Into::into),
        agent: false,
        password: false,
        sudo_password: form.sudo_password.is_some(),
        jump: given(&form.jump).map(str::to_owned).or(target.jump),
        through_tunnel: false,
    };
    let (mut password, mut install_key) = (None, false);
    match &form.method {
        LoginMethod::Default => {}
        LoginMethod::Agent => access.agent = true,
        LoginMethod::Key { file } => {
            let file =
                given(file).ok_or_else(|| bad_input("key_file", "name the file, e.g. ~/.ssh/id_ed25519"))?;
            access.key_file = Some(file.into());
        }
        LoginMethod::Password {
            password: text,
            install_key: install,
        } => {
            access.password = true;
            password = Some(text.clone().into_secret());
            install_key = *install;
        }
    }
    if password.as_ref().is_some_and(wirewarp_model::Secret::is_empty) {
        return Err(bad_input("password", "it is empty"));
    }
    Ok(HostLogin {
        access,
        password,
        sudo_password: form
            .sudo_password
            .clone()
            .map(crate::view::SecretText::into_secret),
        trust: given(&form.trust).map(fingerprint).transpose()?,
        install_key,
    })
}

/// Reads a fingerprint as `ssh-keygen -lf` prints it: `SHA256:` and 32 bytes in base64 without padding.
pub(crate) fn fingerprint(text: &str) -> Answered<String> {
    let text = text.trim();
    let digest = text.strip_prefix("SHA256:").unwrap_or_default();
    let base64 = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    if digest.len() == 43 && digest.chars().all(base64) {
        return Ok(text.to_owned());
    }
    let shown = wirewarp_model::error::excerpt(text);
    Err(bad_input(
        "trust",
        format!("“{shown}” is no fingerprint such as SHA256:…"),
    ))
}
