//! What every case begins with: a person at a desk with the window open.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::site::Site;
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{APPLY, Desk, PATIENCE, Role, Window};
use wirewarp_tests::wirewarp::Operator;

/// A person in front of the window.
pub struct Story<'lab> {
    pub lab: &'lab Lab,
    pub site: Site<'lab>,
    window: Option<Window>,
    /// After the window, so that it ends after it.
    pub desk: Desk,
}

/// A case that begins with an inventory as it is.
pub fn case(name: &'static str, work: fn(&mut Story) -> Result<()>) -> Case {
    Case::new(name, move |lab| tell(name, Site::new(lab)?, work))
}

/// A case that begins with the VPS `nyc`, the peer `attic` on it, and the forward `survival`.
pub fn case_with_site(name: &'static str, work: fn(&mut Story) -> Result<()>) -> Case {
    Case::new(name, move |lab| {
        let site = Site::ready(lab)?;
        let forwards = site.me.json(&["port", "list"])?;
        if !forwards.to_string().contains("survival") {
            let words = [
                "port", "add", "attic", "25565", "--proto", "both", "--label", "survival",
            ];
            site.me.change(&words)?;
        }
        tell(name, site, work)
    })
}

/// A case of somebody else than the rest, who has added nothing yet.
pub fn case_of(person: &'static str, name: &'static str, work: fn(&mut Story) -> Result<()>) -> Case {
    Case::new(name, move |lab| {
        let me = Operator::new(lab, person)?;
        tell(name, Site { lab, me }, work)
    })
}

fn tell(name: &str, site: Site, work: fn(&mut Story) -> Result<()>) -> Result<()> {
    let desk = Desk::new(site.me.folder())?;
    let window = Window::open(&desk, &site.me)?;
    let mut story = Story {
        lab: site.lab,
        site,
        window: Some(window),
        desk,
    };
    let told = work(&mut story).and_then(|()| story.window()?.is_quiet());
    if let (Err(_), Some(window)) = (&told, &story.window) {
        drop(window.picture_now(&format!("failed-{name}")));
    }
    told
}

impl Story<'_> {
    /// The window that is open.
    pub fn window(&self) -> Result<&Window> {
        self.window.as_ref().context("the window is closed")
    }

    /// Ends the program and starts it again, with a change to what is around it.
    pub fn reopen(&mut self, change: impl Fn(&mut Command)) -> Result<()> {
        // There is one at a time.
        drop(self.window.take());
        self.window = Some(Window::open_with(&self.desk, &self.site.me, change)?);
        Ok(())
    }

    /// How root logs in with the lab's key, which lies where people have theirs, typed into the form.
    pub fn log_in_by_key(&self, target: &str) -> Result<()> {
        let folder = self.site.me.home().join(".ssh");
        fs::create_dir_all(&folder)?;
        // Its mode is copied as well.
        fs::copy(self.lab.key(), folder.join("id_lab"))?;
        let window = self.window()?;
        window.fill("Where is it?", target)?;
        window.choose("Key file")?;
        window.fill("Private key", "~/.ssh/id_lab")
    }

    /// Compares the fingerprint that is shown with the one on the host's own disk, and says that it is the same.
    pub fn trust(&self, host: &str) -> Result<()> {
        let window = self.window()?;
        window.shows(Role::Button, "It is the same: trust it", PATIENCE)?;
        let shown = window.text()?;
        let own = self.site.me.fingerprint(host)?;
        ensure!(shown.contains(&own), "it does not show {own}: {shown}");
        window.press("It is the same: trust it")
    }

    /// Whether nothing of ours is on a host.
    pub fn untouched(&self, host: &str) -> Result<bool> {
        Ok(self.lab.exec(host, "[ ! -e /etc/wirewarp ]")?.succeeded())
    }

    /// Types a forward of the peer `attic` to its VM, and goes as far as the plan.
    pub fn plan_forward(&self, ports: &str, protocol: &str, label: &str) -> Result<()> {
        let window = self.window()?;
        window.go("/forwards?open=new&peer=attic")?;
        window.fill("Ports", ports)?;
        window.choose(protocol)?;
        window.fill("Label", label)?;
        window.press("Plan it")?;
        window.shows(Role::Button, "Apply on", PATIENCE)
    }

    /// Applies the plan that is shown, and waits until that went well.
    pub fn apply(&self) -> Result<()> {
        self.window()?.press("Apply on")?;
        self.is_done()
    }

    /// Waits until the page does not say this any more.
    pub fn says_no_more(&self, words: &str) -> Result<()> {
        let window = self.window()?;
        wait_for("these words to go", PATIENCE, || {
            Ok((!window.text()?.contains(words)).then_some(()))
        })
        .with_context(|| format!("it still says “{words}”"))
    }

    /// Waits for the end of an apply that goes well.
    pub fn is_done(&self) -> Result<()> {
        self.window()?.says("Done in", APPLY).context("the apply")
    }
}
