import { expect, test } from "vitest";
import { forward, peer, recount, vps } from "../../src/api/mock/world.ts";
import { GROUP_FROM, MOST_HOMES, picture } from "../../src/features/forwards/layout.ts";

const nyc = vps("nyc", ["203.0.113.10", "203.0.113.11"], "10.0.0.0/24");

test("homes stand in the order of their public IPs, so that links stay short", () => {
  const late = peer("a-late", nyc, "203.0.113.11", 1);
  const early = peer("z-early", nyc, "203.0.113.10", 2);
  const forwards = [forward(late, "tcp", "80", ""), forward(early, "tcp", "80", "")];
  const { homes, fronts } = picture([nyc], [late, early], forwards);
  expect(homes.map((home) => home.peer.name)).toEqual(["z-early", "a-late"]);
  expect(fronts.map((front) => front.address)).toEqual(["203.0.113.10", "203.0.113.11"]);
});

test("forwards to one machine share its card, and a peer without any has one to begin with", () => {
  const attic = peer("attic", nyc, "203.0.113.10", 1);
  const phone = peer("phone", nyc, "203.0.113.10", 2, { kind: "manual" });
  const forwards = [
    forward(attic, "tcp", "80", ""),
    forward(attic, "udp", "443", ""),
    forward(attic, "tcp", "22", "", { kind: "peer" }),
  ];
  const { homes } = picture([nyc], [attic, phone], forwards);
  expect(homes[0]?.machines.map((machine) => machine.forwards.length)).toEqual([2, 1]);
  expect(homes[1]?.machines).toMatchObject([{ kind: "peer", address: phone.tunnel_ip, forwards: [] }]);
});

test("many forwards become a line for each machine, and more homes than can be drawn are counted", () => {
  const attic = peer("attic", nyc, "203.0.113.10", 1);
  const many = Array.from({ length: GROUP_FROM + 1 }, (_, n) => forward(attic, "tcp", String(1000 + n), ""));
  expect(picture([nyc], [attic], many).grouped).toBe(true);
  expect(picture([nyc], [attic], many.slice(1)).grouped).toBe(false);
  const peers = Array.from({ length: MOST_HOMES + 5 }, (_, n) => peer(`p${n}`, nyc, "203.0.113.10", n));
  expect(picture([nyc], peers, []).left).toBe(5);
});

test("counts of rows follow the forwards", () => {
  const attic = peer("attic", nyc, "203.0.113.10", 1);
  const world = { vpses: [nyc], peers: [attic], forwards: [forward(attic, "tcp", "80", "")] };
  recount(world);
  expect([attic.forwards, nyc.peers, nyc.forwards]).toEqual([1, 1, 1]);
});
