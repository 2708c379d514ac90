// Draws the icons that bundles need from the SVG sources beside this file: `node icons/make.mjs`, with chromium.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../ui/package.json"))("playwright-core");

/** Below this a drawing of its own is used, with thicker lines. */
const SMALL = 48;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking"],
});
const page = await browser.newPage();

async function png(source, size) {
  const svg = readFileSync(join(here, source), "utf8");
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  return page.screenshot({ omitBackground: true });
}

const icon = (size) => png(size < SMALL ? "icon-small.svg" : "icon.svg", size);
const save = (name, bytes) => writeFileSync(join(here, name), bytes);

/** ICO: a directory of PNGs (they may be PNGs since Windows Vista). */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach(({ size, bytes }, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(bytes.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  });
  return Buffer.concat([head, ...images.map(({ bytes }) => bytes)]);
}

/** ICNS: tagged PNGs; the tag says the size (iconutil's names). */
function icns(images) {
  const parts = images.map(({ tag, bytes }) => {
    const head = Buffer.alloc(8);
    head.write(tag, 0, "ascii");
    head.writeUInt32BE(bytes.length + 8, 4);
    return Buffer.concat([head, bytes]);
  });
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write("icns", 0, "ascii");
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

for (const [name, size] of [["32x32.png", 32], ["64x64.png", 64], ["128x128.png", 128], ["128x128@2x.png", 256], ["icon.png", 512]]) {
  save(name, await icon(size));
}
const windows = [];
for (const size of [16, 24, 32, 48, 64, 256]) windows.push({ size, bytes: await icon(size) });
save("icon.ico", ico(windows));
const apple = [];
for (const [tag, size] of [["ic11", 32], ["ic12", 64], ["ic07", 128], ["ic13", 256], ["ic08", 256], ["ic14", 512], ["ic09", 512], ["ic10", 1024]]) {
  apple.push({ tag, bytes: await icon(size) });
}
save("icon.icns", icns(apple));
for (const state of ["ok", "attention", "bad", "unknown"]) save(`tray-${state}.png`, await png(`tray-${state}.svg`, 64));
save("tray.png", await png("tray-ok.svg", 64));
await browser.close();
