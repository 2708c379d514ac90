//! What every case begins with: a person at a desk with the window open.

use anyhow::{Context, Result};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::Site;
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{APPLY, Desk, PATIENCE, Window};

/// A person in front of the window.
pub struct Story<'lab> {
    pub lab: &'lab Lab,
    pub site: Site<'lab>,
    pub window: Window,
    /// After the window, so that it ends after it.
    pub desk: Desk,
}

/// A case that begins with an inventory as it is.
pub fn case(name: &'static str, work: fn(&mut Story) -> Result<()>) -> Case {
    Case::new(name, move |lab| {
        let site = Site::new(lab)?;
        tell(name, site, work)
    })
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

fn tell(name: &str, site: Site, work: fn(&mut Story) -> Result<()>) -> Result<()> {
    let desk = Desk::new(site.me.folder())?;
    let window = Window::open(&desk, &site.me)?;
    let mut story = Story {
        lab: site.lab,
        site,
        window,
        desk,
    };
    let told = work(&mut story).and_then(|()| story.window.is_quiet());
    if told.is_err() {
        drop(story.window.picture_now(&format!("failed-{name}")));
    }
    told
}

impl Story<'_> {
    /// How root logs in with the lab's key, typed into the form.
    pub fn log_in_by_key(&self, target: &str) -> Result<()> {
        let window = &self.window;
        window.fill("Where is it?", target)?;
        window.choose("Key file")?;
        window.fill("Private key", &self.lab.key().display().to_string())
    }

    /// Compares the fingerprint that is shown with the one on the host's own disk, and says that it is the same.
    pub fn trust(&self, host: &str) -> Result<()> {
        let window = &self.window;
        window.says("WireWarp has not seen this machine before", PATIENCE)?;
        let shown = window.text()?;
        let own = self.site.me.fingerprint(host)?;
        anyhow::ensure!(shown.contains(&own), "it does not show {own}: {shown}");
        window.press("It is the same: trust it")
    }

    /// Whether nothing of ours is on a host.
    pub fn untouched(&self, host: &str) -> Result<bool> {
        Ok(self.lab.exec(host, "[ ! -e /etc/wirewarp ]")?.succeeded())
    }

    /// Waits for the end of an apply that goes well.
    pub fn is_done(&self) -> Result<()> {
        self.window.says("Done in", APPLY).context("the apply")
    }
}
