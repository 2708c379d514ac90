import { useCallback, useDeferredValue, useMemo, useState, type ReactNode } from "react";
import { Command } from "cmdk";
import { Dialog as Radix } from "radix-ui";
import { useTranslation } from "react-i18next";
import { Kbd } from "@/components/kbd";
import { takeEarlyKeys } from "./early-keys";
import { useActions, usePages, type Act } from "./palette-entries";
import { matches } from "./palette-match";
import { useObjects } from "./palette-objects";

/** Every page, action and object by its name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  // Not sooner: a key between the first drawing and the moment the field has the focus would be nobody's.
  const field = useCallback((input: HTMLInputElement | null) => {
    if (!input) return;
    input.focus();
    const early = takeEarlyKeys();
    if (early) setText(early);
  }, []);
  const actions = useActions();
  const { pages, parts } = usePages();
  // With very many objects a key is shown at once, and what it finds a moment later.
  const objects = useObjects(useDeferredValue(text));
  const groups = useMemo(
    () =>
      [
        { key: "actions", label: t("palette.actions"), found: matches(actions, text, text ? 20 : 7) },
        { key: "pages", label: t("palette.pages"), found: matches(pages, text, 20) },
        ...objects,
        { key: "parts", label: t("palette.parts"), found: text.trim() === "" ? [] : matches(parts, text, 6) },
      ].filter((group) => group.found.length > 0),
    [t, actions, pages, parts, objects, text],
  );
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-shade/50 appear" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-150 -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised shadow-float"
        >
          <Radix.Title className="sr-only">{t("palette.label")}</Radix.Title>
          <Command shouldFilter={false} label={t("palette.label")} loop>
            <Command.Input
              ref={field}
              value={text}
              onValueChange={setText}
              placeholder={t("palette.placeholder")}
              className="h-11 w-full border-b bg-transparent px-4 text-base placeholder:text-muted focus:outline-none"
            />
            <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1">
              <Command.Empty className="px-3 py-6 text-center text-muted">
                {t("palette.nothing")}
              </Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group.key}
                  heading={group.label}
                  className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
                >
                  {group.found.map((one) => (
                    <Row
                      key={one.id}
                      act={one}
                      onSelect={() => {
                        onClose();
                        one.run();
                      }}
                    />
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Row({ act, onSelect }: { act: Act; onSelect: () => void }): ReactNode {
  return (
    <Command.Item
      value={act.id}
      onSelect={onSelect}
      className="flex h-9 items-center gap-2.5 rounded-md px-3 data-[selected=true]:tint-accent"
    >
      <act.icon aria-hidden className="size-4 shrink-0 text-muted" strokeWidth={1.75} />
      <span className="truncate">{act.name}</span>
      {act.detail && <span className="truncate font-mono text-xs text-muted">{act.detail}</span>}
      {act.shortcut && (
        <span className="ml-auto">
          <Kbd keys={act.shortcut} />
        </span>
      )}
    </Command.Item>
  );
}
