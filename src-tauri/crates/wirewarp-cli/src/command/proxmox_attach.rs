//! `wirewarp proxmox attach` and `detach`.

use serde_json::{Value, json};
use std::{process::ExitCode, time::Duration};
use wirewarp_engine::{
    ApplyOptions, Assignment, Preview, Stop,
    proxmox::{AddressChoice, AttachGuest, AttachPlan, Attached, GuestPlan, NicChoice, NodePeer},
};
use wirewarp_model::{AttachmentState, Name, net::parse_machine};

use super::{
    CHANGES, CHECK_FAILED, DECLINED,
    change::{Done, end, say, show, took},
    check, port_add,
};
use crate::{
    args::attach::{AddressArg, Attach, Detach, Tasks},
    context::{Context, Failure, name},
    output::{self, table::table},
    person,
};

pub async fn attach(ctx: &Context, args: Attach) -> Result<ExitCode, Failure> {
    let request = request(ctx, &args).await?;
    let options = options(args.tasks);
    let plan = Box::pin(ctx.engine.plan_attach(request, ctx.progress())).await?;
    let mut done = match agreed(ctx, &plan.guest, &plan.preview, plan.is_empty())? {
        // What is like that already can be checked as well.
        Some(done) if args.check && plan.is_empty() => done,
        Some(done) => return end(ctx, done, json!({})),
        None => carried_out(ctx, &plan, options, args.check).await?,
    };
    let forwards = plan.forwards();
    if !args.check || forwards.is_empty() {
        return end(ctx, done, json!({}));
    }
    let report = ctx.engine.check_forwards(&forwards).await?;
    if !report.all_proved() {
        done.code = CHECK_FAILED;
    }
    if !ctx.global.json {
        check::show(&report);
    }
    end(ctx, done, json!({ "check": report }))
}

async fn carried_out(
    ctx: &Context,
    plan: &AttachPlan,
    options: ApplyOptions,
    checks: bool,
) -> Result<Done, Failure> {
    let attached = ctx
        .engine
        .apply_attach(plan, options, ctx.progress(), Stop::default())
        .await?;
    let done = finished(ctx, &plan.guest, &plan.preview, &attached);
    let proof = if checks {
        ""
    } else {
        " See it proved with: wirewarp check"
    };
    say(
        ctx,
        &format!(
            "{} {} is attached at {} ({:.1} s).{proof}",
            plan.guest.kind, plan.guest.vmid, plan.guest.address, attached.seconds
        ),
    );
    Ok(done)
}

pub async fn detach(ctx: &Context, args: Detach) -> Result<ExitCode, Failure> {
    let plan = ctx.engine.plan_detach(&name(&args.name)?, args.vmid).await?;
    if let Some(done) = agreed(ctx, &plan.guest, &plan.preview, false)? {
        return end(ctx, done, json!({}));
    }
    let options = options(args.tasks);
    let detached = ctx
        .engine
        .apply_detach(&plan, options, ctx.progress(), Stop::default())
        .await?;
    for line in &detached.left {
        say(ctx, line);
    }
    let done = finished(ctx, &plan.guest, &plan.preview, &detached);
    say(
        ctx,
        &format!(
            "{} {} has what it had ({:.1} s).",
            plan.guest.kind, plan.guest.vmid, detached.seconds
        ),
    );
    end(ctx, done, json!({}))
}

/// The attached guests. Exit code 2 where something differs, as for `plan`.
pub async fn attached(ctx: &Context, host: &Name) -> Result<ExitCode, Failure> {
    let guests = ctx.engine.proxmox_attached(host).await?;
    let differ = guests.iter().any(|guest| !guest.differences.is_empty());
    let code = ExitCode::from(if differ { CHANGES } else { 0 });
    if ctx.global.json {
        output::json(&guests)?;
        return Ok(code);
    }
    if guests.is_empty() {
        output::print(&format!(
            "No guest is attached yet. See them with: wirewarp proxmox guests {host}"
        ));
    }
    let rows = guests.iter().map(|guest| {
        let peer = guest.peer.as_ref().map_or(String::new(), ToString::to_string);
        let how = match guest.state {
            AttachmentState::Attaching => "begun",
            AttachmentState::Detaching => "being given back",
            AttachmentState::Attached if guest.differences.is_empty() => "as it was left",
            AttachmentState::Attached => "differs",
        };
        let kind = guest.kind.to_string();
        let (name, node) = (guest.name.clone(), guest.node.clone());
        vec![
            guest.vmid.to_string(),
            name,
            kind,
            node,
            peer,
            guest.address.to_string(),
            how.into(),
        ]
    });
    if !guests.is_empty() {
        let headings = ["guest", "name", "kind", "node", "peer", "address", "state"];
        output::print(&table(&headings, rows));
    }
    for guest in &guests {
        for line in &guest.differences {
            output::print(&format!("{} {}: {line}", guest.kind, guest.vmid));
        }
    }
    Ok(code)
}

fn options(tasks: Tasks) -> ApplyOptions {
    ApplyOptions {
        task_timeout: Duration::from_secs(tasks.task_timeout),
        ..ApplyOptions::default()
    }
}

async fn request(ctx: &Context, args: &Attach) -> Result<AttachGuest, Failure> {
    let forwards = if args.ports.is_some() || args.template.is_some() {
        port_add::opened(
            ctx,
            args.ports.as_deref(),
            args.proto.as_deref(),
            args.template.as_deref(),
            args.label.as_deref(),
        )
        .await?
    } else {
        vec![]
    };
    let login = args
        .ssh
        .host
        .is_some()
        .then(|| super::vps_add::login(&args.ssh))
        .transpose()?;
    let wanted = login.is_some() || args.vps.is_some() || args.ip.is_some();
    let assignment = args
        .ip
        .as_deref()
        .map_or(Ok(Assignment::RoundRobin), Assignment::parse)?;
    let vps = args.vps.as_deref().map(name).transpose()?;
    Ok(AttachGuest {
        proxmox: name(&args.name)?,
        vmid: args.vmid,
        peer: args.peer.as_deref().map(name).transpose()?,
        new_peer: wanted.then_some(NodePeer {
            vps,
            login,
            assignment,
        }),
        nic: nic(args)?,
        address: match args.address {
            None => AddressChoice::Auto,
            Some(AddressArg::Dhcp) => AddressChoice::Dhcp,
            Some(AddressArg::Config) => AddressChoice::Config,
            Some(AddressArg::Agent) => AddressChoice::Agent,
            Some(AddressArg::ByHand) => AddressChoice::ByHand,
        },
        forwards,
    })
}

fn nic(args: &Attach) -> Result<NicChoice, Failure> {
    let lan = args
        .lan_address
        .as_deref()
        .map(|text| parse_machine("lan address", text))
        .transpose()?;
    match (args.nic.as_str(), lan) {
        ("lan", lan) => Ok(NicChoice::KeepOnLan(lan)),
        (_, Some(_)) => Err(Failure::Usage("--lan-address goes with --nic lan.".into())),
        ("new", None) => Ok(NicChoice::New),
        ("replace", None) => Ok(NicChoice::Replace(None)),
        (other, None) => {
            let index = other
                .strip_prefix("replace:net")
                .and_then(|digits| digits.parse().ok());
            let index: u8 = index.filter(|index| *index <= 31).ok_or_else(|| {
                let shown = wirewarp_model::error::excerpt(other);
                Failure::Usage(format!(
                    "--nic “{shown}” is none of new, replace, replace:net0 to replace:net31, lan."
                ))
            })?;
            Ok(NicChoice::Replace(Some(index)))
        }
    }
}

/// Shows the plan and asks. Something where it ends here: nothing to do, only looked at, or declined.
fn agreed(
    ctx: &Context,
    guest: &GuestPlan,
    preview: &Preview,
    is_empty: bool,
) -> Result<Option<Done>, Failure> {
    if !ctx.global.json {
        output::print(&text(guest));
    }
    show(ctx, preview);
    let report = report(guest, preview, &Value::Null);
    let ended = |code: u8, applied: bool, said: &str| {
        say(ctx, said);
        Ok(Some(Done {
            code,
            applied,
            report: report.clone(),
        }))
    };
    if is_empty {
        return ended(0, true, "Nothing to change: it is like that already.");
    }
    if ctx.global.dry_run {
        return ended(0, false, "Dry run: nothing was recorded or changed.");
    }
    if ctx.global.no_apply {
        return Err(Failure::Usage(
            "A guest is attached and detached at once; there is no --no-apply for it. Look first with --dry-run.".into(),
        ));
    }
    if let Some(error) = preview.unreached_error() {
        return Err(error.into());
    }
    if ctx.global.yes {
        return Ok(None);
    }
    if ctx.global.json || !Context::can_ask() {
        output::note("Not done: nobody is there to ask. Add --yes to do it without asking.");
    } else if person::yes(&format!("Do this to {} {} and its node?", guest.kind, guest.vmid)) {
        return Ok(None);
    }
    ended(DECLINED, false, "Nothing was recorded or changed.")
}

fn text(guest: &GuestPlan) -> String {
    use output::style::{self, paint};
    let mut lines = vec![paint(
        style::BOLD,
        format!("{} {} {} on {}", guest.kind, guest.vmid, guest.name, guest.node),
    )];
    lines.extend(guest.steps.iter().map(|step| format!("  {step}")));
    for change in &guest.changes {
        lines.extend(
            change
                .before
                .iter()
                .map(|before| paint(style::BAD, format!("    - {}: {before}", change.name))),
        );
        lines.extend(
            change
                .after
                .iter()
                .map(|after| paint(style::GOOD, format!("    + {}: {after}", change.name))),
        );
    }
    lines.extend(
        guest
            .notes
            .iter()
            .map(|note| format!("  {} {note}", paint(style::WARN, "note"))),
    );
    lines.join("\n")
}

fn finished(ctx: &Context, guest: &GuestPlan, preview: &Preview, done: &Attached) -> Done {
    if !ctx.global.json {
        for host in done.hosts.succeeded() {
            output::print(&format!(
                "{}  is at generation {} ({})",
                host.name,
                host.generation,
                took(host.took)
            ));
        }
    }
    Done {
        code: 0,
        applied: true,
        report: report(guest, preview, &json!(done)),
    }
}

fn report(guest: &GuestPlan, preview: &Preview, applied: &Value) -> Value {
    json!({ "guest": guest, "plan": preview.summary(), "applied": applied })
}
