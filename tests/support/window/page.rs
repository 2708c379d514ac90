//! What a person does on a page, and what they read there.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::driver::Element;
use super::{PATIENCE, Window};
use crate::lab::process::wait_for;

const FIND: &str = include_str!("find.js");

/// Keys of the standard's table that are no letters.
pub mod key {
    /// Control, held for the rest of what is typed at once.
    pub const CONTROL: &str = "\u{E009}";
    /// Enter.
    pub const ENTER: &str = "\u{E007}";
}

/// What things are to those who cannot see them, and to these tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Does something.
    Button,
    /// Leads somewhere.
    Link,
    /// One of a few.
    Radio,
    /// Yes or no.
    Checkbox,
    /// An entry of a menu.
    MenuItem,
    /// One of a list that opens.
    Option,
    /// One of the leaves of a page.
    Tab,
    /// Opens a list.
    Combobox,
    /// A title.
    Heading,
    /// A place to type, by its label.
    Field,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Link => "link",
            Self::Radio => "radio",
            Self::Checkbox => "checkbox",
            Self::MenuItem => "menuitem",
            Self::Option => "option",
            Self::Tab => "tab",
            Self::Combobox => "combobox",
            Self::Heading => "heading",
            Self::Field => "field",
        }
    }
}

impl Window {
    /// Presses the button with these words, or that begins with them, once it can be pressed.
    pub fn press(&self, words: &str) -> Result<()> {
        self.click(Role::Button, words, None)
    }

    /// Follows a link.
    pub fn follow(&self, words: &str) -> Result<()> {
        self.click(Role::Link, words, None)
    }

    /// Takes one of a few.
    pub fn choose(&self, words: &str) -> Result<()> {
        self.click(Role::Radio, words, None)
    }

    /// Clicks what has these words, in the section or dialog of that name if one is given.
    pub fn click(&self, role: Role, words: &str, within: Option<&str>) -> Result<()> {
        self.until(&format!("{role:?} “{words}”"), PATIENCE, || {
            let element = self
                .find(role, words, within)?
                .with_context(|| format!("there is no {} “{words}”", role.word()))?;
            let ready =
                "const e = arguments[0]; return !e.disabled && e.getAttribute('aria-disabled') !== 'true'";
            ensure!(
                self.driver.run_on(ready, &element)? == true,
                "it cannot be pressed"
            );
            self.driver.click(&element)
        })
    }

    /// Replaces what is in a field.
    pub fn fill(&self, label: &str, text: &str) -> Result<()> {
        self.until(&format!("the field “{label}”"), PATIENCE, || {
            let element = self
                .find(Role::Field, label, None)?
                .with_context(|| format!("there is no field “{label}”"))?;
            self.driver.click(&element)?;
            self.driver.run_on("arguments[0].select()", &element)?;
            self.driver.type_into(&element, text)?;
            let value = self.driver.run_on("return arguments[0].value", &element)?;
            ensure!(value == text, "it holds {value} instead of {text:?}");
            Ok(())
        })
    }

    /// What is in a field.
    pub fn holds(&self, label: &str) -> Result<String> {
        let element = self.find(Role::Field, label, None)?;
        let element = element.with_context(|| format!("there is no field “{label}”"))?;
        let value = self.driver.run_on("return arguments[0].value", &element)?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Presses keys where the focus is.
    pub fn keys(&self, keys: &str) -> Result<()> {
        let focused = self
            .driver
            .run("return document.activeElement ?? document.body", &[])?;
        let element = Element::from_answer(&focused).context("nothing has the focus")?;
        self.driver.type_into(&element, keys)
    }

    /// Whether something of this role and these words is shown.
    pub fn has(&self, role: Role, words: &str) -> Result<bool> {
        Ok(self.find(role, words, None)?.is_some())
    }

    /// Waits until something of this role and these words is shown.
    pub fn shows(&self, role: Role, words: &str, limit: Duration) -> Result<()> {
        self.until(&format!("{role:?} “{words}”"), limit, || {
            ensure!(self.has(role, words)?, "it is not there");
            Ok(())
        })
    }

    /// Waits until the page says these words. An alert of the page meanwhile is no reason to wait on.
    pub fn says(&self, words: &str, limit: Duration) -> Result<()> {
        self.until(&format!("“{words}”"), limit, || {
            ensure!(self.text()?.contains(words), "it is not said");
            Ok(())
        })
    }

    /// Everything that the page says, its white space made single spaces.
    pub fn text(&self) -> Result<String> {
        let text = self.driver.run("return document.body.innerText", &[])?;
        let words = text.as_str().unwrap_or_default().split_whitespace();
        Ok(words.collect::<Vec<_>>().join(" "))
    }

    /// Goes to a page by its address.
    pub fn go(&self, path: &str) -> Result<()> {
        let script = "history.pushState({}, '', arguments[0]); dispatchEvent(new PopStateEvent('popstate'))";
        self.driver.run(script, &[json!(path)])?;
        self.settles()
    }

    /// The address of the page, without the program's own part.
    pub fn place(&self) -> Result<String> {
        let place = self
            .driver
            .run("return location.pathname + location.search", &[])?;
        Ok(place.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page has what it asked for.
    pub fn settles(&self) -> Result<()> {
        let rests = "return document.querySelector('main h1, main section, main .xterm') !== null
            && document.querySelectorAll('main .skeleton, [role=dialog] .skeleton').length === 0
            && document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)";
        wait_for("the page to settle", PATIENCE, || {
            Ok((self.driver.run(rests, &[])? == true).then_some(()))
        })
    }

    /// Runs the body of an asynchronous function in the page; what it gives in the end.
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.driver.run_async(script, arguments)
    }

    /// Runs a function's body in the page; what it returns.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.driver.run(script, arguments)
    }

    fn find(&self, role: Role, words: &str, within: Option<&str>) -> Result<Option<Element>> {
        let found = self
            .driver
            .run(FIND, &[json!(role.word()), json!(words), json!(within)])?;
        Ok(Element::from_answer(&found))
    }

    /// Tries again until it works; then the last error with what the page says.
    fn until(&self, what: &str, limit: Duration, attempt: impl Fn() -> Result<()>) -> Result<()> {
        let started = Instant::now();
        loop {
            let Err(error) = attempt() else { return Ok(()) };
            if started.elapsed() > limit {
                let page = self.text().unwrap_or_else(|error| error.to_string());
                bail!(
                    "waited {} s for {what}: {error:#}\n--- the page says\n{page}",
                    limit.as_secs()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
