/** What crosses from the program. Only `code` is matched on; the rest is for people. */
export interface UserError {
  code: string;
  message: string;
  hints: string[];
}

export class ApiError extends Error implements UserError {
  readonly code: string;
  readonly hints: string[];

  constructor({ code, message, hints }: UserError) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.hints = hints;
  }
}

const isUserError = (value: unknown): value is UserError =>
  typeof value === "object" && value !== null && "code" in value && "message" in value && "hints" in value;

/** Whatever was thrown, as something that can be shown. */
export function asUserError(thrown: unknown): UserError {
  if (isUserError(thrown)) return thrown;
  if (typeof thrown === "string") return { code: "unknown", message: thrown, hints: [] };
  const message = thrown instanceof Error ? thrown.message : JSON.stringify(thrown);
  return { code: "unknown", message, hints: [] };
}
