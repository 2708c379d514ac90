//! Whom to connect to, as people type it: an address, `user@address:port`, or a whole `ssh` command.

use wirewarp_model::{ParseError, Port, error::excerpt};

/// A target as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedTarget {
    /// Name, address or alias of the SSH configuration.
    pub address: String,
    /// User.
    pub user: Option<String>,
    /// Port.
    pub port: Option<u16>,
    /// Jump host.
    pub jump: Option<String>,
    /// Private key file.
    pub key_file: Option<String>,
}

impl TypedTarget {
    /// Reads `203.0.113.10`, `root@host`, `root@host:2222`, `[2001:db8::1]:22`, `ssh://root@host:22`, or an `ssh`
    /// command with the options -p, -l, -i, -J and -o of these meanings. What else a command has is refused by name.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            [] => Err(bad("it is empty; write e.g. root@203.0.113.10")),
            ["ssh", rest @ ..] => Self::command(rest),
            [place] => Self::default().at(place),
            _ => Err(bad(&format!(
                "“{}” has a space in it; write an address such as root@203.0.113.10, or a command that begins with ssh",
                excerpt(text)
            ))),
        }
    }

    fn command(words: &[&str]) -> Result<Self, ParseError> {
        let mut target = Self::default();
        let mut place = None;
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            let Some(option) = word.strip_prefix('-').filter(|option| !option.is_empty()) else {
                if place.replace(word).is_some() {
                    return Err(bad("a command to run on the host cannot be part of it"));
                }
                continue;
            };
            let letter = option.chars().next().unwrap_or_default();
            let attached = &option[letter.len_utf8()..];
            if !"pliJo".contains(letter) {
                // Options that change nothing about where it leads.
                if option.chars().all(|c| "4AaCkNnqTtvXxY".contains(c)) {
                    continue;
                }
                return Err(bad(&format!("the option “{}” is not understood", excerpt(word))));
            }
            let value = if attached.is_empty() {
                words
                    .next()
                    .ok_or_else(|| bad(&format!("the option -{letter} has no value")))?
            } else {
                attached
            };
            target.option(letter, value)?;
        }
        let place = place.ok_or_else(|| bad("the command names no host"))?;
        target.at(place)
    }

    fn option(&mut self, letter: char, value: &str) -> Result<(), ParseError> {
        match letter {
            'p' => self.port = Some(port(value)?),
            'l' => self.user = Some(value.to_owned()),
            'i' => self.key_file = Some(value.to_owned()),
            'J' => self.jump = Some(value.to_owned()),
            _ => {
                let (key, value) = value.split_once('=').unwrap_or((value, ""));
                match key.to_ascii_lowercase().as_str() {
                    "port" => self.port = Some(port(value)?),
                    "user" => self.user = Some(value.to_owned()),
                    "identityfile" => self.key_file = Some(value.to_owned()),
                    "proxyjump" => self.jump = Some(value.to_owned()),
                    "identitiesonly" | "serveraliveinterval" | "connecttimeout" => {}
                    _ => return Err(bad(&format!("the option -o {} is not understood", excerpt(key)))),
                }
            }
        }
        Ok(())
    }

    /// What the options said goes before what the place says.
    fn at(mut self, place: &str) -> Result<Self, ParseError> {
        let rest = place
            .strip_prefix("ssh://")
            .unwrap_or(place)
            .trim_end_matches('/');
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, rest),
        };
        let (address, typed_port) = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((address, "")) => (address, None),
            Some((address, tail)) => (address, Some(tail.strip_prefix(':').unwrap_or("?"))),
            None => match rest.split_once(':') {
                Some((address, port)) if !port.contains(':') => (address, Some(port)),
                _ => (rest, None),
            },
        };
        let odd = |c: char| c.is_whitespace() || c.is_control() || "'\"`$;|&<>()[]\\".contains(c);
        let odd_user = user.is_some_and(|user| user.is_empty() || user.contains(odd));
        if address.is_empty() || address.starts_with('-') || address.contains(odd) || odd_user {
            return Err(bad(&format!(
                "“{}” is neither an address nor a name",
                excerpt(place)
            )));
        }
        address.clone_into(&mut self.address);
        self.user = self.user.or(user.map(str::to_owned));
        if let (None, Some(text)) = (self.port, typed_port) {
            self.port = Some(port(text)?);
        }
        Ok(self)
    }
}

fn port(text: &str) -> Result<u16, ParseError> {
    let port: Port = text.parse().map_err(|error: ParseError| bad(&error.message))?;
    Ok(port.number())
}

fn bad(why: &str) -> ParseError {
    ParseError::new("target", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Option<String>, Option<u16>) {
        let target = TypedTarget::parse(text).unwrap();
        (target.address, target.user, target.port)
    }

    fn all(address: &str, user: &str, port: u16) -> (String, Option<String>, Option<u16>) {
        let user = (!user.is_empty()).then(|| user.to_owned());
        (address.to_owned(), user, (port > 0).then_some(port))
    }

    #[test]
    fn targets_are_read_as_people_type_them() {
        assert_eq!(read("203.0.113.10"), all("203.0.113.10", "", 0));
        assert_eq!(read(" root@nyc.example "), all("nyc.example", "root", 0));
        assert_eq!(read("ops@198.51.100.4:2222"), all("198.51.100.4", "ops", 2222));
        assert_eq!(read("[2001:db8::1]:22"), all("2001:db8::1", "", 22));
        assert_eq!(read("2001:db8::1"), all("2001:db8::1", "", 0));
        assert_eq!(read("ssh://root@nyc:2200/"), all("nyc", "root", 2200));
        assert_eq!(read("ssh -p 2222 ops@host"), all("host", "ops", 2222));
        assert_eq!(read("ssh host -l ops -p2222 -v"), all("host", "ops", 2222));
    }

    #[test]
    fn options_of_a_command_are_understood_or_named() {
        let target =
            TypedTarget::parse("ssh -i ~/.ssh/vps -J ops@bastion:22 -o Port=2022 root@10.0.0.5").unwrap();
        assert_eq!(target.key_file.as_deref(), Some("~/.ssh/vps"));
        assert_eq!(target.jump.as_deref(), Some("ops@bastion:22"));
        assert_eq!(target.port, Some(2022));
        for text in [
            "",
            "ssh",
            "ssh -p",
            "a b",
            "root@",
            "@host",
            "host:0",
            "host:x",
            "-oProxyCommand=x",
            "ssh -oProxyCommand=x host",
            "ssh host uptime",
            "ssh -R 1:2:3 host",
            "$(reboot)",
            "[::1",
            "a`b`",
        ] {
            let error = TypedTarget::parse(text).unwrap_err();
            assert_eq!(error.field, "target", "{text:?}");
        }
    }
}
