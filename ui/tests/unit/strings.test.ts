import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import en from "../../src/i18n/en.json" with { type: "json" };

const root = fileURLToPath(new URL("../../src", import.meta.url));

/** What is the same in every language: names, units, keys, examples of what is typed. */
const SAME = [
  /^WireWarp$|^WireGuard$|^VPS$|^TCP$|^UDP$|^TCP \+ UDP$|^tcp\+udp$|^Tauri$|^WebView$|^MTU$/,
  /^(px|s|ms|peer|root|attic|survival|vmbr1|my-server)$/,
  /^[\w.+-]+@[\w.]+(:\d+)?$|^[\d.]+(\/\d+)?$|^[\w-]+\.example\.(org|com)$/,
  /^https:\/\/[\d.]+:\d+$/,
  /^SHA256:…$|^ssh-keygen -lf \S+$/,
  // A language is called as its speakers call it.
  /^English$|^Deutsch$/,
  /^\d[\d\s./→>,\w+-]*(tcp|udp|both|survival|web)[\s\S]*$/,
];

/** Attributes whose text a person reads or hears. */
const SEEN = new Set([
  "aria-label",
  "title",
  "placeholder",
  "alt",
  "label",
  "text",
  "hint",
  "description",
  "unit",
  "lead",
  "heading",
]);

const hasWords = (text: string) => /\p{L}{2,}/u.test(text) && !SAME.some((same) => same.test(text.trim()));

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "mock" || name === "generated" ? [] : files(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

function parse(path: string): ts.SourceFile {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, kind);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

const sources = files(root).map((path) => ({ path: relative(root, path), tree: parse(path) }));

test("no sentence that a person sees stands outside the catalogue", () => {
  const found: string[] = [];
  for (const { path, tree } of sources) {
    const say = (node: ts.Node, text: string) => {
      if (!hasWords(text)) return;
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1} ${text.trim().slice(0, 60)}`);
    };
    visit(tree, (node) => {
      if (ts.isJsxText(node)) say(node, node.text);
      // <p>{"text"}</p> and <p>{yes ? "a" : "b"}</p>
      if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression)
        literals(node.expression).forEach((one) => say(one, one.text));
      if (
        ts.isJsxAttribute(node) && ts.isIdentifier(node.name)
          ? SEEN.has(node.name.text)
          : ts.isJsxAttribute(node)
      ) {
        const attribute = node as ts.JsxAttribute;
        const name = attribute.name.getText();
        const value = attribute.initializer;
        if (!SEEN.has(name) || !value) return;
        if (ts.isStringLiteral(value)) say(value, value.text);
        else if (ts.isJsxExpression(value) && value.expression)
          literals(value.expression).forEach((one) => say(one, one.text));
      }
      // toast("bad", "text"), { label: "text", title: "text" }
      if (ts.isPropertyAssignment(node) && SEEN.has(node.name.getText().replace(/"/g, "")))
        literals(node.initializer).forEach((one) => say(one, one.text));
      if (ts.isCallExpression(node) && node.expression.getText() === "toast" && node.arguments[1])
        literals(node.arguments[1]).forEach((one) => say(one, one.text));
    });
  }
  expect(found).toEqual([]);
});

/** Texts that an expression can come to, but not those of calls in it. */
function literals(node: ts.Expression): (ts.StringLiteral | ts.NoSubstitutionTemplateLiteral)[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node];
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  if (ts.isBinaryExpression(node) && ["??", "||", "&&"].includes(node.operatorToken.getText()))
    return [...literals(node.left), ...literals(node.right)];
  return [];
}

test("every sentence that is asked for is there", () => {
  const known = new Set<string>();
  const collect = (tree: object, before: string) => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === "string") known.add((before + key).replace(/_(one|other)$/, ""));
      else collect(value as object, `${before}${key}.`);
    }
  };
  collect(en, "");
  const asked: string[] = [];
  for (const { path, tree } of sources)
    visit(tree, (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText() !== "t" || !node.arguments[0]) return;
      for (const one of literals(node.arguments[0]))
        if (!known.has(one.text)) asked.push(`${path}: ${one.text}`);
    });
  expect(asked).toEqual([]);
});

test("a sentence about a number is given the number", () => {
  // Without it the library finds no form, and shows the name of the sentence instead.
  const plural = new Set<string>();
  const collect = (tree: object, before: string) => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value !== "string") collect(value as object, `${before}${key}.`);
      else if (key.endsWith("_other")) plural.add((before + key).replace(/_other$/, ""));
    }
  };
  collect(en, "");
  const without: string[] = [];
  for (const { path, tree } of sources)
    visit(tree, (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText() !== "t" || !node.arguments[0]) return;
      const holes = node.arguments[1]?.getText() ?? "";
      for (const one of literals(node.arguments[0]))
        if (plural.has(one.text) && !/\bcount\b/.test(holes)) without.push(`${path}: ${one.text}`);
    });
  expect(without).toEqual([]);
});
