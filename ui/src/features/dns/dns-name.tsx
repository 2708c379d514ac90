import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCheckDns } from "@/api/mutations";
import { useSetSettings, useSettings } from "@/api/queries";
import { asUserError } from "@/api/errors";
import { Button } from "@/components/button";
import { Copyable } from "@/components/copy";
import { Input } from "@/components/input";
import { Hints } from "@/components/states";
import { Shape } from "@/components/status";
import { toastError } from "@/components/toast";

/** The name that leads to an address, and whether it does. With `auto` it is looked up at once. */
export function DnsName({ address, auto }: { address: string; auto?: boolean }) {
  const { t } = useTranslation();
  const { data: settings } = useSettings();
  const set = useSetSettings();
  const check = useCheckDns();
  const known = settings?.dns_names[address] ?? "";
  const [text, setText] = useState<string | null>(null);
  const save = (name: string) => {
    setText(null);
    if (!settings || name === known) return;
    const others = Object.fromEntries(
      Object.entries(settings.dns_names).filter(([known]) => known !== address),
    );
    set.mutate(
      { ...settings, dns_names: name ? { ...others, [address]: name } : others },
      {
        onSuccess: () => name && check.mutate({ name, address }),
        onError: toastError,
      },
    );
  };
  // Where it is shown beside what depends on it, it is looked up without being asked; once.
  const { mutate: look } = check;
  const looked = useRef("");
  useEffect(() => {
    if (!auto || known === "" || looked.current === known) return;
    looked.current = known;
    look({ name: known, address });
  }, [auto, known, address, look]);
  if (text !== null) {
    return (
      <form
        className="mt-1 flex max-w-80 gap-1.5"
        onSubmit={(event) => {
          event.preventDefault();
          save(text.trim());
        }}
      >
        <Input
          autoFocus
          mono
          value={text}
          aria-label={t("pool.dnsName")}
          placeholder="play.example.org"
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit">{t("common.save")}</Button>
      </form>
    );
  }
  const failed = check.error ? asUserError(check.error) : null;
  return (
    <div className="mt-0.5 text-xs">
      <span className="flex items-center gap-1.5">
        {known && <Copyable text={known} what={t("pool.dnsName")} className="text-xs" />}
        <button
          type="button"
          className="rounded-sm text-muted hover:text-text hover:underline"
          onClick={() => setText(known)}
        >
          {known ? t("common.edit") : t("pool.addDns")}
        </button>
        {known && (
          <button
            type="button"
            className="rounded-sm text-muted hover:text-text hover:underline"
            onClick={() => check.mutate({ name: known, address })}
          >
            {t("check.check")}
          </button>
        )}
      </span>
      <span role="status">
        {check.data && (
          <span className="mt-0.5 flex items-center gap-1.5">
            <Shape tone={check.data.ok ? "ok" : "bad"} className="size-2" />
            {check.data.message}
          </span>
        )}
      </span>
      {failed && <Hints hints={[failed.message, ...failed.hints]} />}
    </div>
  );
}
