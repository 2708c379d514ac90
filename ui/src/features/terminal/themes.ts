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

/** Colours of this name; those of the window for `system`. */
export function theme(name: string): ITheme {
  if (name === "light") return light;
  if (name === "dark") return dark;
  return document.documentElement.dataset.theme === "light" ? light : dark;
}
