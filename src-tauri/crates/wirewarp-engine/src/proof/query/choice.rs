//! Which question belongs to which port.

use wirewarp_model::{Name, Port, Protocol};

use super::Query;

/// What to ask a port: by the template's name where it says enough, else by the port's number.
///
/// A wrong choice does no harm: a program drops a packet that it does not know, and silence is not held against it.
pub fn query_for(protocol: Protocol, target: Port, template: Option<&Name>) -> Query {
    let template = template.map(Name::key).unwrap_or_default();
    match protocol {
        Protocol::Tcp => over_tcp(target.number(), &template),
        Protocol::Udp => over_udp(target.number(), &template),
    }
}

fn over_tcp(port: u16, template: &str) -> Query {
    let minecraft = template.contains("minecraft") && !template.contains("bedrock");
    // RCON (25575) and web maps come with the template too, but speak something else.
    let game_port = (25_565..=25_574).contains(&port);
    if game_port || (minecraft && !SIDE_PORTS.contains(&port)) {
        Query::MinecraftJava
    } else {
        Query::Connect
    }
}

/// RCON, web consoles and maps that stand beside a Minecraft server.
const SIDE_PORTS: [u16; 6] = [80, 443, 8080, 8100, 8123, 25_575];

/// Words of template names whose games answer `A2S_INFO` on their query port (Valve Developer Community,
/// "Server queries", and the games' own server manuals).
const SOURCE_WORDS: [&str; 15] = [
    "cs2", "csgo", "counter", "source", "tf2", "garry", "gmod", "l4d", "rust", "ark", "dayz", "palworld",
    "valheim", "arma", "7-days",
];

fn over_udp(port: u16, template: &str) -> Query {
    if ["minecraft", "bedrock", "geyser"]
        .iter()
        .any(|word| template.contains(word))
    {
        return Query::RakNet;
    }
    if ["quake", "xonotic", "openarena", "urban"]
        .iter()
        .any(|word| template.contains(word))
    {
        return Query::Quake;
    }
    if SOURCE_WORDS.iter().any(|word| template.contains(word)) {
        return Query::Source;
    }
    match port {
        // Bedrock's own ports; Geyser is often put on the Java server's number.
        19_132 | 19_133 | 25_565 => Query::RakNet,
        // Source; Rust; Valheim's query port; DayZ's and Arma's query ports.
        27_015..=27_050 | 28_015..=28_017 | 2_457 | 2_303 => Query::Source,
        // Quake III and ioquake3 games; Call of Duty.
        27_960..=27_969 | 28_960..=28_969 => Query::Quake,
        _ => Query::Datagram,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_port_is_asked_its_own_question() {
        use Protocol::{Tcp, Udp};
        for (protocol, port, template, query) in [
            (Tcp, 25_565, None, Query::MinecraftJava),
            (Tcp, 30_000, Some("Minecraft"), Query::MinecraftJava),
            (Tcp, 25_575, Some("Minecraft"), Query::Connect),
            (Tcp, 443, Some("Web"), Query::Connect),
            (Tcp, 19_132, Some("Minecraft-Bedrock"), Query::Connect),
            (Udp, 25_565, Some("Minecraft"), Query::RakNet),
            (Udp, 19_132, None, Query::RakNet),
            (Udp, 27_015, None, Query::Source),
            (Udp, 8_211, Some("Palworld"), Query::Source),
            (Udp, 26_900, Some("7-days-to-die"), Query::Source),
            (Udp, 27_960, None, Query::Quake),
            (Udp, 51_820, None, Query::Datagram),
        ] {
            let template: Option<Name> = template.map(|name| name.parse().unwrap());
            assert_eq!(
                query_for(protocol, Port::new(port).unwrap(), template.as_ref()),
                query,
                "{protocol} {port}"
            );
        }
    }
}
