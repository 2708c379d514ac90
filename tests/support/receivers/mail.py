"""A mail server for tests: aiosmtpd, which says on standard output what it received, a line of JSON for each mail.

Usage: mail.py [--cert FILE --key FILE] [--mode plain|starttls|tls] [--login USER:PASSWORD] [--refuse "450 later"]...
Each --refuse is what it answers to one mail, in order, before it takes any. The first line has the port.
"""

import argparse
import asyncio
import json
import ssl
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(what):
    print(json.dumps(what), flush=True)


class Taker:
    def __init__(self, refusals):
        self.refusals = refusals

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": mail["subject"],
            "text": mail.get_content(),
            "encrypted": server.transport.get_extra_info("cipher") is not None,
            "login": session.auth_data.decode() if session.auth_data else None,
            "hello": session.host_name,
        }
        if self.refusals:
            told["refused"] = self.refusals.pop(0)
            say(told)
            return told["refused"]
        say(told)
        return "250 2.0.0 queued as 1"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--mode", default="plain")
    parser.add_argument("--login")
    parser.add_argument("--refuse", action="append", default=[])
    args = parser.parse_args()
    context = None
    if args.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.cert, args.key)
    options = {}
    if args.mode == "starttls":
        options.update(tls_context=context, require_starttls=True)
    if args.login:
        user, password = args.login.encode().split(b":", 1)

        def login(server, session, envelope, mechanism, data):
            fits = isinstance(data, LoginPassword) and (data.login, data.password) == (user, password)
            return AuthResult(success=fits, handled=False, auth_data=user if fits else None)

        options.update(authenticator=login, auth_required=True, auth_require_tls=args.mode == "starttls")
    wrapped = context if args.mode == "tls" else None
    asyncio.run(serve(Taker(args.refuse), wrapped, options))


async def serve(taker, wrapped, options):
    def taken():
        return SMTP(taker, hostname="localhost", loop=asyncio.get_running_loop(), **options)

    server = await asyncio.get_running_loop().create_server(taken, "127.0.0.1", 0, ssl=wrapped)
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


main()
