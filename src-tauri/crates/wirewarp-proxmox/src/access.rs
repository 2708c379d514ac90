//! Rights, and the token for WireWarp.

use std::collections::BTreeMap;

use proxmox_api::access::{AccessClient, acl, permissions, roles, users};
use serde::Deserialize;
use serde_json::Value;
use wirewarp_model::Secret;

use crate::{
    Api, ApiToken, Problem, ProxmoxError,
    names::{TokenId, UserId, segment},
    nodes::Version,
    params::params,
    rights::{ROLE, Rights, privileges},
    transport::Verb,
};

impl Api {
    /// What the one who is signed in may do.
    pub async fn rights(&self) -> Result<Rights, ProxmoxError> {
        let access = AccessClient::new(self).permissions();
        let answer = access.get(permissions::GetParams::default()).await?;
        let paths = answer
            .additional_properties
            .into_iter()
            .map(|(path, held)| (path, held_privileges(&held)));
        Ok(Rights::new(paths.collect()))
    }

    /// Makes WireWarp's role (one of that name is taken as it is) and a token named `name` of `owner` that has this role
    /// and nothing else. The secret is told this once.
    ///
    /// `owner` is somebody who is there; a token has at most its owner's rights.
    pub async fn make_token(
        &self,
        version: Version,
        owner: &UserId,
        name: &str,
    ) -> Result<ApiToken, ProxmoxError> {
        let id = TokenId::new(owner, name).map_err(|error| self.error(error))?;
        self.make_role(version).await?;
        let token = self.new_token(&id).await?;
        if let Err(error) = self.grant(&id).await {
            // Whoever reads the answer has no use for a token without rights.
            if let Err(left) = self.delete_token(&id).await {
                tracing::warn!(%left, token = %id, "a token without rights stays behind");
            }
            return Err(error);
        }
        Ok(token)
    }

    /// Takes a token away; it is refused from then on.
    pub async fn delete_token(&self, id: &TokenId) -> Result<(), ProxmoxError> {
        let path = token_path(id);
        self.change(Verb::Delete, &path, Vec::new()).await
    }

    /// Makes a user without a password: nobody can sign in as it, its tokens can. One of that name is taken as it is.
    pub async fn make_user(&self, user: &UserId) -> Result<(), ProxmoxError> {
        let unfit = |_| self.error(wirewarp_model::ParseError::new("user", "its name is too long"));
        let id = user.to_string().try_into().map_err(unfit)?;
        let made = AccessClient::new(self)
            .users()
            .post(users::PostParams::new(id))
            .await;
        unless_there(made)?;
        let mut params = acl::PutParams::new("/".to_owned(), ROLE.to_owned());
        params.users = Some(user.to_string());
        AccessClient::new(self).acl().put(params).await
    }

    /// Makes WireWarp's role with what it needs on this version.
    pub async fn make_role(&self, version: Version) -> Result<(), ProxmoxError> {
        let mut params = roles::PostParams::new(ROLE.to_owned());
        params.privs = Some(privileges(version).join(","));
        unless_there(AccessClient::new(self).roles().post(params).await)
    }

    /// By hand: the typed answer cannot be wiped, and its `info` insists on types that 9.2 does not keep.
    async fn new_token(&self, id: &TokenId) -> Result<ApiToken, ProxmoxError> {
        let path = token_path(id);
        let params = params(&[("privsep", "1"), ("comment", "made by WireWarp")]);
        let made: NewToken = self.change(Verb::Post, &path, params).await?;
        if made.full_tokenid != id.as_str() {
            return Err(self.error(Problem::BadAnswer {
                path,
                why: "it made another token than was asked for".into(),
            }));
        }
        Ok(ApiToken {
            id: id.clone(),
            secret: Secret::new(made.value),
        })
    }

    async fn grant(&self, token: &TokenId) -> Result<(), ProxmoxError> {
        let mut params = acl::PutParams::new("/".to_owned(), ROLE.to_owned());
        params.tokens = Some(token.to_string());
        AccessClient::new(self).acl().put(params).await
    }
}

fn token_path(id: &TokenId) -> String {
    format!(
        "/access/users/{}/token/{}",
        segment(id.user()),
        segment(id.name())
    )
}

#[derive(Deserialize)]
struct NewToken {
    #[serde(rename = "full-tokenid")]
    full_tokenid: String,
    value: String,
}

/// Proxmox says `already exists` to what somebody made before.
fn unless_there(made: Result<(), ProxmoxError>) -> Result<(), ProxmoxError> {
    match made {
        Err(error) if error.problem().to_string().contains("already exists") => Ok(()),
        other => other,
    }
}

/// A privilege has 1 where it reaches below and 0 where it holds at that path alone.
fn held_privileges(held: &Value) -> BTreeMap<String, bool> {
    let held: Option<&serde_json::Map<String, Value>> = held.as_object();
    let privilege = |(name, below): (&String, &Value)| (name.clone(), below.as_i64() == Some(1));
    held.into_iter().flatten().map(privilege).collect()
}
