//! Traffic programs running in a lab's namespaces.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use uuid::Uuid;

use super::{Answer, Protocol, Seen, Tally};
use crate::lab::Lab;
use crate::lab::process::{end, run, wait_for};
use crate::lab::teardown::lab_program;

/// How long a server or stream may run; a test that needs longer is broken.
const LONGEST: Duration = Duration::from_hours(2);

/// An echo server or game servers. They end when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    log: PathBuf,
}

impl Server {
    /// The clients that it has seen, each once.
    pub fn seen(&self) -> Result<Vec<Seen>> {
        let text = fs::read_to_string(&self.log)?;
        let lines = text.lines().filter(|line| line.starts_with('{'));
        lines.map(|line| Ok(serde_json::from_str(line)?)).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// A stream that is under way.
#[derive(Debug)]
pub struct Stream {
    child: Child,
}

impl Stream {
    /// Stops asking, waits for the last answers and counts.
    pub fn finish(mut self) -> Result<Tally> {
        drop(self.child.stdin.take());
        let mut text = String::new();
        if let Some(mut out) = self.child.stdout.take() {
            std::io::Read::read_to_string(&mut out, &mut text)?;
        }
        let status = self.child.wait()?;
        serde_json::from_str(&text).with_context(|| format!("the stream ended with {status}: {text:?}"))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

impl Lab {
    /// Starts an echo server for these ports in the namespace of a node, and waits until all are open. In `home` it is
    /// a program that listens on the host, in `vm` one in the guest. It dies when its host is switched off.
    pub fn serve(&self, node: &str, tcp: &[u16], udp: &[u16]) -> Result<Server> {
        self.serve_on(node, Ipv4Addr::UNSPECIFIED, tcp, udp)
    }

    /// The same, bound to one address.
    pub fn serve_on(&self, node: &str, address: Ipv4Addr, tcp: &[u16], udp: &[u16]) -> Result<Server> {
        let (address, tcp, udp) = (address.to_string(), list(tcp), list(udp));
        self.start_server(
            node,
            &["echo-server", "--bind", &address, "--tcp", &tcp, "--udp", &udp],
        )
    }

    /// Starts game servers in the namespace of a node, on their usual ports: Minecraft Java on 25565/tcp, Source on
    /// 27015/udp, Minecraft Bedrock on 19132/udp. See [`super::games`] for what they say.
    pub fn host_games(&self, node: &str) -> Result<Server> {
        self.start_server(node, &["game-server"])
    }

    fn start_server(&self, node: &str, words: &[&str]) -> Result<Server> {
        let program = lab_program()?.display().to_string();
        let words = [&[program.as_str()], words].concat();
        let log = self
            .folder()
            .join(format!("server-{}.log", Uuid::new_v4().simple()));
        let mut command = self.nets().command(node, LONGEST, &words);
        let output = File::create(&log)?;
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let mut server = Server {
            child: command.spawn().context("cannot start the server")?,
            log,
        };
        wait_for("the server", Duration::from_secs(10), || {
            let said = fs::read_to_string(&server.log)?;
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended with {status}: {said}");
            }
            Ok(said.contains("\"ready\"").then_some(()))
        })?;
        Ok(server)
    }

    /// Asks an echo server once from a node, for at most five seconds.
    pub fn ask(&self, node: &str, protocol: Protocol, server: impl Into<SocketAddr>) -> Result<Answer> {
        self.ask_within(node, protocol, server, Duration::from_secs(5))
    }

    /// Asks an echo server once from a node, for at most `limit`; whole seconds.
    pub fn ask_within(
        &self,
        node: &str,
        protocol: Protocol,
        server: impl Into<SocketAddr>,
        limit: Duration,
    ) -> Result<Answer> {
        let program = lab_program()?.display().to_string();
        let server = server.into().to_string();
        let seconds = limit.as_secs().max(1).to_string();
        let words = [
            program.as_str(),
            "echo-client",
            protocol.word(),
            &server,
            "--seconds",
            &seconds,
        ];
        run(self.command_in(node, &words), b"")?.json()
    }

    /// Sends two megabytes from a node to an echo server over one connection and takes them back, in packets as large as
    /// the path lets them be. What has not gone or come back within five seconds is lost.
    pub fn bulk(&self, node: &str, server: impl Into<SocketAddr>) -> Result<Tally> {
        let program = lab_program()?.display().to_string();
        let server = server.into().to_string();
        let words = [
            program.as_str(),
            "tcp-stream",
            &server,
            "--rate",
            "10",
            "--seconds",
            "1",
            "--size",
            "200000",
        ];
        run(self.command_in(node, &words), b"")?.json()
    }

    /// Starts a conversation from a node with an echo server, `rate` questions per second, until it is finished.
    pub fn stream(
        &self,
        node: &str,
        protocol: Protocol,
        server: impl Into<SocketAddr>,
        rate: u32,
    ) -> Result<Stream> {
        let program = lab_program()?.display().to_string();
        let kind = format!("{}-stream", protocol.word());
        let (server, rate) = (server.into().to_string(), rate.to_string());
        let words = [
            program.as_str(),
            &kind,
            &server,
            "--rate",
            &rate,
            "--seconds",
            "3600",
            "--until-input-ends",
        ];
        let mut command = self.nets().command(node, LONGEST, &words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let child = command.spawn().context("cannot start the stream")?;
        Ok(Stream { child })
    }
}

fn list(ports: &[u16]) -> String {
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    ports.join(",")
}
