import type { ITheme } from "@xterm/xterm";

const dark: ITheme = {
  background: "#0b0e12",
  foreground: "#e7ecf2",
  cursor: "#8fa2ff",
  cursorAccent: "#0b0e12",
  selectionBackground: "#8fa2ff55",
  black: "#2c3540",
  red: "#ff7b72",
  green: "#4cc38a",
  yellow: "#e5b454",
  blue: "#79b8ff",
  magenta: "#c9a0ff",
  cyan: "#5fd3d3",
  white: "#cfd7e0",
  brightBlack: "#8593a3",
  brightRed: "#ffa198",
  brightGreen: "#7ee0ae",
  brightYellow: "#f2cc7f",
  brightBlue: "#a5d0ff",
  brightMagenta: "#dfc2ff",
  brightCyan: "#93e6e6",
  brightWhite: "#ffffff",
};

const light: ITheme = {
  background: "#ffffff",
  foreground: "#161b22",
  cursor: "#3d4fd6",
  cursorAccent: "#ffffff",
  selectionBackground: "#3d4fd640",
  black: "#161b22",
  red: "#c62f2a",
  green: "#1a7f4b",
  yellow: "#8a5a00",
  blue: "#1f6fc4",
  magenta: "#8036b8",
  cyan: "#0f7474",
  white: "#55606e",
  brightBlack: "#55606e",
  brightRed: "#a8201b",
  brightGreen: "#12663a",
  brightYellow: "#6f4800",
  brightBlue: "#16559a",
  brightMagenta: "#662a95",
  brightCyan: "#0a5a5a",
  brightWhite: "#2c3540",
};

/** Black and white, and colours at their full strength: for bright rooms and tired eyes. */
const contrast: ITheme = {
  ...dark,
  background: "#000000",
  foreground: "#ffffff",
  cursor: "#ffff66",
  cursorAccent: "#000000",
  selectionBackground: "#ffff6655",
  red: "#ff6b6b",
  green: "#5cff8d",
  yellow: "#ffe45c",
  blue: "#8cbcff",
  magenta: "#ff9cf5",
  cyan: "#6ff2ff",
  white: "#ffffff",
};

/** Ink on warm paper. */
const paper: ITheme = {
  ...light,
  background: "#f7f1e3",
  foreground: "#33291b",
  cursor: "#8a4b12",
  cursorAccent: "#f7f1e3",
  selectionBackground: "#8a4b1233",
  black: "#33291b",
  white: "#6a5b45",
  brightBlack: "#6a5b45",
  brightWhite: "#33291b",
};

/** Amber on near black, as terminals were. */
const amber: ITheme = {
  ...dark,
  background: "#14100a",
  foreground: "#ffc875",
  cursor: "#ffb13d",
  cursorAccent: "#14100a",
  selectionBackground: "#ffb13d44",
  white: "#ffc875",
  brightWhite: "#ffe3b5",
};

const named: Record<string, ITheme> = { dark, light, contrast, paper, amber };

/** Names of colours, in the order in which they are offered; `system` are those of the window. */
export const THEMES = ["system", "dark", "light", "contrast", "paper", "amber"] as const;

/** Colours of this name; those of the window for `system`, and for a name that is not known. */
export function theme(name: string): ITheme {
  return named[name] ?? (document.documentElement.dataset.theme === "light" ? light : dark);
}
