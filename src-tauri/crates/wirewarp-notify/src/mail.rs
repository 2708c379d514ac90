//! E-mail.

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use std::{error::Error, time::Duration};
use wirewarp_model::{Secret, alert::MailSecurity, error::excerpt_of};
use wirewarp_watch::alert::{Message, text};

use crate::NotifyError;

/// A server and who sends by it.
pub(crate) struct Server<'a> {
    pub(crate) name: &'a str,
    pub(crate) port: u16,
    pub(crate) security: MailSecurity,
    pub(crate) account: Option<(&'a str, &'a Secret)>,
    pub(crate) limit: Duration,
}

pub(crate) async fn send(
    server: &Server<'_>,
    from: &str,
    to: &[String],
    message: &Message,
    template: &str,
) -> Result<String, NotifyError> {
    let mut mail = lettre::Message::builder()
        .from(mailbox(from)?)
        // A server that has it already drops it (RFC 5322, section 3.6.4: an identifier is of one message).
        .message_id(Some(format!("<{}@wirewarp.invalid>", message.id)))
        .subject(format!("[WireWarp] {}", message.title))
        .header(ContentType::TEXT_PLAIN);
    for receiver in to {
        mail = mail.to(mailbox(receiver)?);
    }
    let mail = mail
        .body(format!("{}\n", text(message, template)))
        .map_err(|error| NotifyError::lasting(format!("the mail cannot be written: {error}")))?;
    let transport = transport(server)?;
    let answer = transport.send(mail).await.map_err(|error| failed(&error))?;
    let said: Vec<&str> = answer.message().collect();
    Ok(format!(
        "{} took it: {}",
        server.name,
        excerpt_of(&said.join(" "), 120)
    ))
}

/// An address, with or without a name before it.
pub(crate) fn mailbox(text: &str) -> Result<Mailbox, NotifyError> {
    text.parse()
        .map_err(|_| NotifyError::lasting(format!("“{}” is no mail address", excerpt_of(text, 60))))
}

fn transport(server: &Server<'_>) -> Result<AsyncSmtpTransport<Tokio1Executor>, NotifyError> {
    let tls = || {
        TlsParameters::new(server.name.to_owned())
            .map_err(|error| NotifyError::lasting(format!("TLS cannot be set up here: {error}")))
    };
    let tls = match server.security {
        MailSecurity::Starttls => Tls::Required(tls()?),
        MailSecurity::Tls => Tls::Wrapper(tls()?),
        MailSecurity::None => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.name)
        .port(server.port)
        .tls(tls)
        .timeout(Some(server.limit))
        // Neither the name nor an address of this computer is told.
        .hello_name(ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST));
    if let Some((user, password)) = server.account {
        builder = builder.credentials(Credentials::new(user.to_owned(), password.expose().to_owned()));
    }
    Ok(builder.build())
}

fn failed(error: &lettre::transport::smtp::Error) -> NotifyError {
    let mut why = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !why.contains(&cause_text) {
            why = format!("{why}: {cause_text}");
        }
        next = cause.source();
    }
    let why = excerpt_of(&why, 300);
    if error.is_permanent() || error.is_client() {
        NotifyError::lasting(why)
    } else {
        NotifyError::passing(why)
    }
}
