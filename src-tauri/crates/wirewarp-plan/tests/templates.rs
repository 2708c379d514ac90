//! Templates.

use wirewarp_plan::template::{TemplatePorts, builtin, find};

#[test]
fn the_table_is_read_whole_and_each_row_names_its_source() {
    let all = builtin();
    assert!(all.len() >= 25, "{}", all.len());
    assert!(
        all.iter()
            .all(|template| !template.source.is_empty() && !template.title.is_empty())
    );
    assert!(
        all.windows(2).all(|pair| pair[0].name.key() < pair[1].name.key()),
        "in order, each name once"
    );
    let kinds = ["game", "voice", "web", "remote", "media", "service"];
    assert!(all.iter().all(|template| kinds.contains(&template.kind.as_str())));
}

#[test]
fn a_template_may_be_several_forwards() {
    let web = find(&"WEB".parse().unwrap()).unwrap();
    assert_eq!(web.forwards.to_string(), "80,443 tcp, 443 udp");
    assert_eq!(web.forwards.iter().count(), 2);
}

#[test]
fn a_persons_own_text_is_read_and_written_back() {
    let ports: TemplatePorts = "25565 tcp+udp, 19132 udp".parse().unwrap();
    assert_eq!(ports.to_string(), "25565 tcp+udp, 19132 udp");
    let shifted: TemplatePorts = "80, 8000-8010->9000 tcp; 443 udp".parse().unwrap();
    assert_eq!(shifted.to_string(), "80,8000-8010->9000-9010 tcp, 443 udp");
}

#[test]
fn mistakes_are_named() {
    for (text, word) in [
        ("", "no ports"),
        ("25565", "no protocol"),
        ("80 tcp, 443", "“443” has no protocol"),
        ("80 sctp", "tcp, udp"),
        ("80 tcp+udp, 80 udp", "overlap"),
        ("99999 tcp", "1 to 65535"),
        ("$(id) tcp", "not a port"),
    ] {
        let error = text.parse::<TemplatePorts>().unwrap_err().to_string();
        assert!(error.contains(word), "{text:?}: {error}");
    }
}
