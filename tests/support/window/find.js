// Finds what a person would name: a role and the words on it. Arguments: role, words, and words of a section, dialog or
// article that it stands in, if that matters. Returns the element, or null.
const [role, words, within] = arguments;
const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const shown = (element) =>
  element.getClientRects().length > 0 &&
  getComputedStyle(element).visibility === "visible" &&
  !element.closest("[aria-hidden=true], [inert]");
const implicit = { BUTTON: "button", A: "link", H1: "heading", H2: "heading", H3: "heading" };
const roleOf = (element) => element.getAttribute("role") ?? implicit[element.tagName];
const byIds = (ids) =>
  ids
    .split(" ")
    .map((id) => document.getElementById(id)?.innerText)
    .join(" ");
const nameOf = (element) => {
  const named = element.getAttribute("aria-labelledby");
  return plain(
    element.getAttribute("aria-label") ??
      (named ? byIds(named) : null) ??
      (element.innerText.trim() || element.labels?.[0]?.innerText || element.title),
  );
};
const best = (all, name) =>
  all.find((one) => name(one) === words) ?? all.find((one) => name(one).startsWith(words)) ?? null;

const places = "section, article, dialog, [role=dialog], [role=alertdialog], [role=region], [role=row], li";
const inside = (element) => {
  if (!within) return true;
  for (let place = element.closest(places); place; place = place.parentElement?.closest(places)) {
    if (nameOf(place).startsWith(within)) return true;
  }
  return false;
};

if (role === "field") {
  const labels = [...document.querySelectorAll("label[for]")].filter((one) => shown(one) && inside(one));
  const label = best(labels, (one) => plain(one.innerText));
  const named = [...document.querySelectorAll("input[aria-label]")].filter(shown);
  return label ? document.getElementById(label.htmlFor) : best(named, nameOf);
}
const all = [...document.querySelectorAll("[role], button, a[href], h1, h2, h3")];
return best(
  all.filter((one) => roleOf(one) === role && shown(one) && inside(one)),
  nameOf,
);
