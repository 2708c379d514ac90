//! The words of tray, notifications and what comes before the window: of the same catalogue as the pages'.

use serde_json::Value;
use std::{env, sync::LazyLock};

use crate::view::Language;

/// Compiled in: the tray speaks before a page is there.
const ENGLISH: &str = include_str!("../../ui/src/i18n/en.json");
const GERMAN: &str = include_str!("../../ui/src/i18n/de.json");

static CATALOGUES: LazyLock<[Value; 2]> =
    LazyLock::new(|| [ENGLISH, GERMAN].map(|text| serde_json::from_str(text).unwrap_or_default()));

/// Sentences in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Catalogue(&'static Value);

impl Catalogue {
    /// In this language; where the system decides, in that of its messages.
    pub(crate) fn of(language: Language) -> Self {
        let german = match language {
            Language::En => false,
            Language::De => true,
            Language::System => system_speaks("de"),
        };
        Self(&CATALOGUES[usize::from(german)])
    }

    /// A sentence by its key, e.g. `tray.open`; the key itself if there is none, which a test forbids.
    pub(crate) fn text(self, key: &str) -> String {
        let found = key.split('.').try_fold(self.0, |tree, part| tree.get(part));
        found.and_then(Value::as_str).unwrap_or(key).to_owned()
    }

    /// A sentence with its holes `{{name}}` filled.
    pub(crate) fn with(self, key: &str, holes: &[(&str, &str)]) -> String {
        let fill =
            |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{{{name}}}}}"), value);
        holes.iter().fold(self.text(key), fill)
    }

    /// A sentence about a number: `KEY_one` or `KEY_other`, which is all that both languages have.
    pub(crate) fn count(self, key: &str, count: usize) -> String {
        let form = if count == 1 { "one" } else { "other" };
        self.with(&format!("{key}_{form}"), &[("count", &count.to_string())])
    }
}

/// Whether the system's messages are in this language. The first of these that is set decides (POSIX, 8.2).
fn system_speaks(language: &str) -> bool {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty())
        .is_some_and(|value| value.starts_with(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each key of this program's own words, as the code asks for it.
    const KEYS: &[&str] = &[
        "tray.open",
        "tray.check",
        "tray.pending",
        "tray.quit",
        "tray.notLooked",
        "tray.well_one",
        "tray.well_other",
        "tray.unreachable_one",
        "tray.unreachable_other",
        "tray.down_one",
        "tray.down_other",
        "tray.drift_one",
        "tray.drift_other",
        "tray.waiting_one",
        "tray.waiting_other",
        "tray.running_one",
        "tray.running_other",
        "notice.applied",
        "notice.appliedText",
        "notice.applyFailed",
        "notice.checkFailed",
        "notice.more",
        "notice.cannotBegin",
        "notice.noHome",
    ];

    #[test]
    fn every_sentence_is_there_in_both_languages() {
        for language in [Language::En, Language::De] {
            for key in KEYS {
                assert_ne!(Catalogue::of(language).text(key), *key, "{language:?}");
            }
        }
    }

    #[test]
    fn holes_are_filled_and_numbers_have_their_form() {
        let english = Catalogue::of(Language::En);
        assert_eq!(english.count("tray.well", 1), "1 host, all well");
        assert_eq!(english.count("tray.well", 3), "3 hosts, all well");
        assert_eq!(
            english.with("notice.more", &[("first", "nyc"), ("count", "2")]),
            "nyc and 2 more"
        );
        assert_eq!(Catalogue::of(Language::De).text("tray.quit"), "Beenden");
    }
}
