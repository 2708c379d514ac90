//! The systemd units. The same for every host and generation, so that a change seldom asks for `daemon-reload`.

/// Name -> text.
pub const UNITS: &[(&str, &str)] = &[
    (
        "wirewarp-dhcp@.service",
        include_str!("units/wirewarp-dhcp@.service"),
    ),
    (
        "wirewarp-early.service",
        include_str!("units/wirewarp-early.service"),
    ),
    (
        "wirewarp-watch.service",
        include_str!("units/wirewarp-watch.service"),
    ),
    ("wirewarp-watch.timer", include_str!("units/wirewarp-watch.timer")),
    ("wirewarp-wg@.service", include_str!("units/wirewarp-wg@.service")),
    ("wirewarp.service", include_str!("units/wirewarp.service")),
];

/// Names of those that are enabled and started: the ones with an `[Install]` section.
pub(super) fn started() -> impl Iterator<Item = &'static str> {
    UNITS
        .iter()
        .filter(|(_, text)| text.contains("\n[Install]\n"))
        .map(|(name, _)| *name)
}
