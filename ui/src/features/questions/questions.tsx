import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAnswer } from "@/api/mutations";
import { useQuestions } from "@/api/queries";
import type { Answer, Question } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Copyable } from "@/components/copy";
import { Dialog } from "@/components/dialog";
import { Facts } from "@/components/layout";
import { PasswordInput } from "@/components/input";
import { ErrorNotice } from "@/components/states";

/** What only the person can say, one at a time, whatever page is open. */
export function Questions() {
  const { data = [] } = useQuestions();
  const [first] = data;
  return first && <Ask key={first.id} question={first} />;
}

function Ask({ question }: { question: Question }) {
  const answer = useAnswer();
  const say = (one: Answer) => answer.mutate({ id: question.id, answer: one });
  const { ask } = question;
  const shared = { say, busy: answer.isPending, error: answer.error };
  switch (ask.ask) {
    case "host_key":
      return <HostKey {...ask} {...shared} />;
    case "certificate":
      return <Certificate {...ask} {...shared} />;
    case "secret":
      return <SecretAsked prompt={ask.prompt} refused={ask.refused} isNew={ask.is_new} {...shared} />;
  }
}

interface Shared {
  say: (answer: Answer) => void;
  busy: boolean;
  error: unknown;
}

function HostKey({
  endpoint,
  algorithm,
  fingerprint,
  ...shared
}: Shared & { endpoint: string; algorithm: string; fingerprint: string }) {
  const { t } = useTranslation();
  return (
    <TrustAsked
      title={t("question.keyTitle", { endpoint })}
      text={t("question.keyText")}
      fingerprint={fingerprint}
      facts={[[t("question.algorithm"), <code key="algorithm">{algorithm}</code>]]}
      {...shared}
    >
      <p className="mt-1 text-muted">{t("question.whereText")}</p>
      <code
        className="mt-2 block overflow-x-auto rounded-md border bg-sunken px-2.5 py-1.5 text-xs whitespace-nowrap"
        tabIndex={0}
      >
        ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
      </code>
    </TrustAsked>
  );
}

function Certificate({
  endpoint,
  fingerprint,
  ...shared
}: Shared & { endpoint: string; fingerprint: string }) {
  const { t } = useTranslation();
  return (
    <TrustAsked
      title={t("question.keyTitle", { endpoint })}
      text={t("question.certificateText")}
      fingerprint={fingerprint}
      facts={[]}
      {...shared}
    >
      <p className="mt-1 text-muted">{t("question.certificateWhere")}</p>
    </TrustAsked>
  );
}

interface TrustProps extends Shared {
  title: string;
  text: string;
  fingerprint: string;
  facts: [string, ReactNode][];
  /** Where the fingerprint can be compared. */
  children: ReactNode;
}

function TrustAsked({ title, text, fingerprint, facts, children, say, busy, error }: TrustProps) {
  const { t } = useTranslation();
  const footer = (
    <>
      <Button onClick={() => say({ answer: "no" })}>{t("question.notMine")}</Button>
      <Button variant="primary" busy={busy} onClick={() => say({ answer: "trust" })}>
        {t("question.trust")}
      </Button>
    </>
  );
  const shown = (
    <Copyable
      key="fingerprint"
      text={fingerprint}
      what={t("question.fingerprint")}
      className="[&>span:first-child]:whitespace-normal [&>span:first-child]:break-all"
    />
  );
  return (
    <Dialog open onClose={() => say({ answer: "no" })} title={title} footer={footer}>
      <div className="grid gap-4">
        <p className="text-muted">{text}</p>
        <div className="rounded-lg border bg-sunken p-3">
          <Facts facts={[[t("question.fingerprint"), shown], ...facts]} />
        </div>
        <div>
          <p className="font-medium">{t("question.where")}</p>
          {children}
        </div>
        {error !== null && error !== undefined && <ErrorNotice error={error} />}
      </div>
    </Dialog>
  );
}

interface SecretProps extends Shared {
  prompt: string;
  refused: string | null;
  /** It is chosen now: a slip of the finger would lock its owner out, so it is typed twice. */
  isNew: boolean;
}

function SecretAsked({ prompt, refused, isNew, say, busy, error }: SecretProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [again, setAgain] = useState("");
  const differs = isNew && again !== text;
  const form = useId();
  const footer = (
    <>
      <Button onClick={() => say({ answer: "no" })}>{t("common.cancel")}</Button>
      <Button type="submit" form={form} variant="primary" busy={busy} disabled={text === "" || differs}>
        {t("common.next")}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onClose={() => say({ answer: "no" })}
      title={t("question.secretTitle")}
      width="sm"
      footer={footer}
    >
      <form
        id={form}
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!differs) say({ answer: "secret", text });
        }}
      >
        <label htmlFor={`${form}-secret`}>{prompt}</label>
        <PasswordInput
          id={`${form}-secret`}
          autoFocus
          value={text}
          aria-invalid={refused !== null}
          aria-describedby={refused === null ? undefined : `${form}-refused`}
          onChange={(event) => setText(event.target.value)}
        />
        {isNew && (
          <>
            <label htmlFor={`${form}-again`} className="mt-2">
              {t("question.again")}
            </label>
            <PasswordInput
              id={`${form}-again`}
              value={again}
              aria-invalid={differs && again !== ""}
              aria-describedby={differs && again !== "" ? `${form}-differs` : undefined}
              onChange={(event) => setAgain(event.target.value)}
            />
            {differs && again !== "" && (
              <p id={`${form}-differs`} className="text-xs text-bad">
                {t("question.differs")}
              </p>
            )}
          </>
        )}
        {refused !== null && (
          <p id={`${form}-refused`} role="alert" className="text-xs text-bad">
            {refused}
          </p>
        )}
        <p className="text-xs text-muted">{t("question.secretKept")}</p>
        {error !== null && error !== undefined && <ErrorNotice error={error} />}
      </form>
    </Dialog>
  );
}
