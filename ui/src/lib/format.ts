/** Figures as people read them. Locale-aware; powers of 1000, as providers bill. */

/** Making a formatter takes a hundred times as long as using it, and tables use them in every cell. */
function kept<F>(make: (locale: string) => F): (locale: string) => F {
  const made = new Map<string, F>();
  return (locale) => {
    const format = made.get(locale) ?? make(locale);
    made.set(locale, format);
    return format;
  };
}

const whole = kept((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const tenths = kept((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));
const ago = kept((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }));
const moment = kept(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }),
);

const minute = kept((locale) => new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }));
const second = kept(
  (locale) => new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
);
const day = kept((locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }));
const month = kept((locale) => new Intl.DateTimeFormat(locale, { month: "short", year: "numeric" }));

const utcMonth = kept(
  (locale) => new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" }),
);

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

function scaled(value: number, units: string[], locale: string): string {
  let unit = 0;
  let shown = value;
  while (shown >= 999.5 && unit < units.length - 1) {
    shown /= 1000;
    unit += 1;
  }
  const text = (unit === 0 || shown >= 100 ? whole : tenths)(locale).format(shown);
  return `${text} ${units[unit] ?? ""}`;
}

/** Bytes, e.g. `1.2 GB`. */
export const bytes = (count: number, locale = "en") => scaled(count, UNITS, locale);

/** Bytes a second as a line's speed, e.g. `38 Mbit/s`. */
export const rate = (bytesPerSecond: number, locale = "en") =>
  scaled(bytesPerSecond * 8, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"], locale);

/** A count with its separators. */
export const count = (value: number, locale = "en") => whole(locale).format(value);

/** How long a step took, e.g. `240 ms`, `3.2 s`, `2 min 5 s`. */
export function duration(ms: number, locale = "en"): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 100) {
    return `${tenths(locale).format(seconds)} s`;
  }
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number, number][] = [
  ["second", 1, 60],
  ["minute", 60, 60],
  ["hour", 3600, 36],
  ["day", 86_400, 60],
  ["month", 2_629_800, 24],
  ["year", 31_557_600, Infinity],
];

/** How long ago (or how far ahead), e.g. `2 min. ago`; the last seconds are “now”. */
export function relative(at: number, now: number, locale = "en"): string {
  const seconds = (at - now) / 1000;
  const format = ago(locale);
  if (Math.abs(seconds) < 5) return format.format(0, "second");
  for (const [unit, size, most] of STEPS) {
    const value = Math.trunc(seconds / size);
    if (Math.abs(value) < most) return format.format(value, unit);
  }
  return format.format(0, "second");
}

/** The exact moment, in the reader's own zone, seconds included. */
export function exact(at: number, locale = "en"): string {
  return moment(locale).format(at);
}

/** How long a packet takes, in milliseconds, e.g. `18.3 ms`. */
export const millis = (ms: number, locale = "en") => `${(ms >= 100 ? whole : tenths)(locale).format(ms)} ms`;

/** A month of the calendar (UTC), e.g. `Nov 2026`. */
export const monthOf = (at: number, locale = "en") => utcMonth(locale).format(at);

const DAY_S = 86_400;

/**
 * What stands below the lines of a time axis, in the reader's own zone. Both are in seconds: the moments since 1970, and
 * `step` from one line to the next. A time of day has its date on a second line where a day begins to be shown.
 */
export function ticks(moments: number[], step: number, locale = "en"): string[] {
  const say = (format: Intl.DateTimeFormat, at: number) => format.format(at * 1000);
  if (step >= 28 * DAY_S) return moments.map((at) => say(month(locale), at));
  if (step >= DAY_S) return moments.map((at) => say(day(locale), at));
  const time = step < 60 ? second(locale) : minute(locale);
  const dates = moments.map((at) => say(day(locale), at));
  return moments.map((at, index) =>
    dates[index] === dates[index - 1] ? say(time, at) : `${say(time, at)}\n${dates[index]}`,
  );
}
