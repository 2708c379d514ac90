//! The methods below `/access`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::answer::{Outcome, Refusal};
use super::call::Params;
use super::cluster::Cluster;
use super::login::{self, Token, User};
use super::rights::{self, Grant, Who};

/// Paths that are listed for everybody who has a right there, beside those of the access list.
const COMMON_PATHS: &[&str] = &[
    "/",
    "/access",
    "/access/groups",
    "/nodes",
    "/pool",
    "/sdn",
    "/storage",
    "/vms",
];

/// Answers a method below `/access`.
pub(super) fn answer(cluster: &mut Cluster, method: &str, path: &str, who: &Who, params: &Params) -> Outcome {
    let none = Ok(Value::Null.into());
    let access = &mut cluster.access;
    match (method, path) {
        ("POST", "/access/ticket") => return log_in(cluster, params),
        ("GET", "/access/domains") => return Ok(domains().into()),
        ("GET", "/access/permissions") => return permissions(cluster, who, params),
        ("GET", "/access/users") => return Ok(users(&access.users).into()),
        ("POST", "/access/users") => return add_user(&mut access.users, params),
        ("DELETE", "/access/users/{userid}") => {
            let user = params.text("userid");
            access
                .grants
                .retain(|grant| grant.holder != user && !grant.holder.starts_with(&format!("{user}!")));
            access
                .users
                .remove(user)
                .ok_or_else(|| Refusal::failed(format!("no such user ('{user}')")))?;
        }
        ("GET", "/access/roles") => {
            let roles = access.roles.iter().map(|(name, rights)| {
                let rights: Vec<_> = rights.iter().cloned().collect();
                json!({"roleid": name, "privs": rights.join(","), "special": u8::from(name == "Administrator")})
            });
            return Ok(Value::Array(roles.collect()).into());
        }
        ("POST", "/access/roles") => return add_role(cluster, params),
        ("DELETE", "/access/roles/{roleid}") => {
            let role = params.text("roleid");
            let known = access.roles.remove(role);
            known.ok_or_else(|| Refusal::failed(format!("role '{role}' does not exist")))?;
        }
        ("GET", "/access/acl") => return Ok(grants(&access.grants).into()),
        ("PUT", "/access/acl") => return change_grants(cluster, params),
        ("GET", "/access/users/{userid}/token") => return tokens(&access.users, params),
        ("POST", "/access/users/{userid}/token/{tokenid}") => return add_token(&mut access.users, params),
        ("DELETE", "/access/users/{userid}/token/{tokenid}") => {
            let token = params.text("tokenid");
            let id = format!("{}!{token}", params.text("userid"));
            user(&mut access.users, params)?
                .tokens
                .remove(token)
                .ok_or_else(|| Refusal::failed(format!("no such token '{id}'")))?;
            access.grants.retain(|grant| grant.holder != id);
        }
        _ => {}
    }
    none
}

fn domains() -> Value {
    json!([
        {"type": "pve", "realm": "pve", "comment": "Proxmox VE authentication server"},
        {"type": "pam", "realm": "pam", "comment": "Linux PAM standard authentication"},
    ])
}

/// A login, the renewal of a ticket (posted as the password), or the second half of a login with two factors.
fn log_in(cluster: &mut Cluster, params: &Params) -> Outcome {
    let now = cluster.clock.seconds();
    let access = &cluster.access;
    let mut name = params.text("username").to_owned();
    if let Some(realm) = params.get("realm").filter(|_| !name.contains('@')) {
        name = format!("{name}@{realm}");
    }
    let user = access.users.get(&name).ok_or(Refusal::BadLogin)?;
    let password = params.text("password");
    if let Some(challenge) = params.get("tfa-challenge") {
        let code = password.strip_prefix("totp:").unwrap_or_default();
        let fits = |secret: &Vec<u8>| login::is_totp(secret, now, code);
        if !access.is_challenge(challenge, &name, now) || !user.totp.as_ref().is_some_and(fits) {
            return Err(Refusal::BadLogin);
        }
    } else if access.ticket_holder(password, now).as_ref() != Some(&name) {
        if user.password.is_empty() || user.password != password {
            return Err(Refusal::BadLogin);
        }
        if user.totp.is_some() {
            let ticket = access.challenge(&name, now);
            let csrf = access.csrf(&name, now);
            return Ok(
                json!({"username": name, "NeedTFA": 1, "ticket": ticket, "CSRFPreventionToken": csrf}).into(),
            );
        }
    }
    let answer = json!({
        "username": name,
        "ticket": access.ticket(&name, now),
        "CSRFPreventionToken": access.csrf(&name, now),
        "cap": capabilities(cluster, &name),
    });
    Ok(answer.into())
}

/// What the window of Proxmox may show to the user, by group.
fn capabilities(cluster: &Cluster, user: &str) -> Value {
    let who = Who {
        user: user.to_owned(),
        token: None,
    };
    let mut groups = Map::new();
    for (group, rights) in rights::groups(cluster.access.version) {
        let path = if group == "dc" {
            "/".to_owned()
        } else {
            format!("/{group}")
        };
        let held = cluster.access.rights(&who, &path);
        groups.insert(group.to_owned(), flags(rights.intersection(&held)));
    }
    Value::Object(groups)
}

fn flags<'name>(names: impl Iterator<Item = &'name String>) -> Value {
    Value::Object(names.map(|name| (name.clone(), json!(1))).collect())
}

fn permissions(cluster: &Cluster, who: &Who, params: &Params) -> Outcome {
    let asked = match params.get("userid") {
        Some(id) if id != who.id() => {
            cluster.need(who, "/access", &["Sys.Audit"])?;
            let (user, token) = id
                .split_once('!')
                .map_or((id, None), |(user, token)| (user, Some(token)));
            Who {
                user: user.to_owned(),
                token: token.map(str::to_owned),
            }
        }
        _ => who.clone(),
    };
    let listed = cluster.access.grants.iter().map(|grant| grant.path.as_str());
    let paths: Vec<&str> = match params.get("path") {
        Some(path) => vec![path],
        None => COMMON_PATHS.iter().copied().chain(listed).collect(),
    };
    let mut found = Map::new();
    for path in paths {
        let rights = cluster.access.rights(&asked, path);
        if !rights.is_empty() {
            found.insert(path.to_owned(), flags(rights.iter()));
        }
    }
    Ok(Value::Object(found).into())
}

fn users(users: &BTreeMap<String, User>) -> Value {
    let entry = |(name, user): (&String, &User)| {
        let realm = name.rsplit_once('@').map_or("", |(_, realm)| realm);
        json!({"userid": name, "enable": 1, "expire": 0, "realm-type": realm, "comment": user.comment})
    };
    Value::Array(users.iter().map(entry).collect())
}

fn add_user(users: &mut BTreeMap<String, User>, params: &Params) -> Outcome {
    let name = params.text("userid");
    if users.contains_key(name) {
        return Err(Refusal::failed(format!(
            "create user failed: user '{name}' already exists"
        )));
    }
    let user = User {
        password: params.text("password").to_owned(),
        comment: params.text("comment").to_owned(),
        ..User::default()
    };
    users.insert(name.to_owned(), user);
    Ok(Value::Null.into())
}

fn user<'users>(
    users: &'users mut BTreeMap<String, User>,
    params: &Params,
) -> Result<&'users mut User, Refusal> {
    let name = params.text("userid");
    users
        .get_mut(name)
        .ok_or_else(|| Refusal::failed(format!("no such user ('{name}')")))
}

fn add_role(cluster: &mut Cluster, params: &Params) -> Outcome {
    let name = params.text("roleid");
    let known = rights::all(cluster.access.version);
    let rights = params.list("privs");
    if let Some(unknown) = rights.iter().find(|right| !known.contains(*right)) {
        return Err(Refusal::failed(format!(
            "create role failed: unknown privilege '{unknown}'"
        )));
    }
    if cluster.access.roles.contains_key(name) {
        return Err(Refusal::failed(format!(
            "create role failed: role '{name}' already exists"
        )));
    }
    cluster
        .access
        .roles
        .insert(name.to_owned(), rights.into_iter().collect());
    Ok(Value::Null.into())
}

fn grants(grants: &[Grant]) -> Value {
    let entry = |grant: &Grant| {
        let kind = if grant.holder.contains('!') {
            "token"
        } else {
            "user"
        };
        json!({
            "path": grant.path, "roleid": grant.role, "type": kind, "ugid": grant.holder,
            "propagate": u8::from(grant.propagate),
        })
    };
    Value::Array(grants.iter().map(entry).collect())
}

fn change_grants(cluster: &mut Cluster, params: &Params) -> Outcome {
    let access = &mut cluster.access;
    let holders: Vec<String> = params
        .list("users")
        .into_iter()
        .chain(params.list("tokens"))
        .collect();
    for role in params.list("roles") {
        if !access.roles.contains_key(&role) {
            return Err(Refusal::failed(format!(
                "update ACL failed: role '{role}' does not exist"
            )));
        }
        for holder in &holders {
            if !exists(&access.users, holder) {
                return Err(Refusal::failed(format!(
                    "update ACL failed: '{holder}' does not exist"
                )));
            }
            let grant = Grant {
                path: params.text("path").to_owned(),
                holder: holder.clone(),
                role: role.clone(),
                propagate: params.get("propagate").is_none() || params.is_set("propagate"),
            };
            access.grants.retain(|known| {
                (&known.path, &known.holder, &known.role) != (&grant.path, &grant.holder, &grant.role)
            });
            if !params.is_set("delete") {
                access.grants.push(grant);
            }
        }
    }
    Ok(Value::Null.into())
}

fn exists(users: &BTreeMap<String, User>, holder: &str) -> bool {
    match holder.split_once('!') {
        Some((user, token)) => users
            .get(user)
            .is_some_and(|user| user.tokens.contains_key(token)),
        None => users.contains_key(holder),
    }
}

fn tokens(users: &BTreeMap<String, User>, params: &Params) -> Outcome {
    let name = params.text("userid");
    let user = users
        .get(name)
        .ok_or_else(|| Refusal::failed(format!("no such user ('{name}')")))?;
    let entry = |(id, token): (&String, &Token)| json!({"tokenid": id, "expire": 0, "privsep": u8::from(token.privilege_separation)});
    Ok(Value::Array(user.tokens.iter().map(entry).collect()).into())
}

fn add_token(users: &mut BTreeMap<String, User>, params: &Params) -> Outcome {
    let name = params.text("tokenid");
    let id = format!("{}!{name}", params.text("userid"));
    let user = user(users, params)?;
    if user.tokens.contains_key(name) {
        return Err(Refusal::field("tokenid", "Token already exists."));
    }
    let token = Token {
        secret: Uuid::new_v4().to_string(),
        privilege_separation: params.get("privsep").is_none() || params.is_set("privsep"),
    };
    let mut info = Map::from_iter([(
        "privsep".to_owned(),
        json!(u8::from(token.privilege_separation).to_string()),
    )]);
    for kept in ["comment", "expire"] {
        info.extend(params.get(kept).map(|value| (kept.to_owned(), json!(value))));
    }
    let answer = json!({"full-tokenid": id, "value": token.secret, "info": info});
    user.tokens.insert(name.to_owned(), token);
    Ok(answer.into())
}
