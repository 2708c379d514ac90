import { asUserError } from "@/api/errors";
import type { LoginForm } from "@/api/generated/types";

export const emptyLogin = (): LoginForm => ({
  target: "",
  port: "",
  user: "",
  method: { method: "default" },
  jump: "",
  sudo_password: null,
  trust: "",
});

/** What is wrong with one field, if an error is about it: codes `bad_input.target` and the like. */
export function fieldError(error: unknown, ...fields: string[]): string | undefined {
  if (!error) return undefined;
  const { code, message } = asUserError(error);
  return fields.some((field) => code === `bad_input.${field}`) ? message : undefined;
}

/** A name for a machine, from what was typed or what it calls itself: at most 40 letters, digits and hyphens. */
export function suggestName(from: string): string {
  const first = /^\d+(\.\d+){3}$/.test(from) ? "" : (from.split(".")[0] ?? "");
  return first
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
}
