"""The look of the catalogue, and the little that its script does. Colours have a contrast of 4.5 and more."""

STYLE = """
:root { color-scheme: light dark; --back: #fff; --card: #f6f7f9; --text: #1b1f24; --dim: #57606a; --line: #d0d7de;
  --link: #0550ae; --live: #116329; --yanked: #b3131f; --retired: #57606a; --add: #116329; --gone: #b3131f;
  --change: #835400; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --card: #161b22; --text: #e6edf3; --dim: #9da7b3;
  --line: #30363d; --link: #79c0ff; --live: #7ee787; --yanked: #ff8a84; --retired: #9da7b3; --add: #7ee787;
  --gone: #ff8a84; --change: #e3b341; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 72rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .3rem 0; } a { color: var(--link); } code, pre { font: .875rem/1.45 ui-monospace, monospace; }
.dim { color: var(--dim); } .skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
#filter { display: none; } .scripted #filter { display: block; margin: 1rem 0 0; }
#filter input { width: min(100%, 24rem); padding: .45rem .6rem; font: inherit; color: inherit; background: var(--back);
  border: 1px solid var(--dim); border-radius: .35rem; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
table { width: 100%; border-collapse: collapse; overflow-wrap: normal; }
th, td { padding: .45rem .7rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--card); font-size: .875rem; white-space: nowrap; }
tbody th { white-space: nowrap; } td { white-space: pre; } td.dim { white-space: normal; }
.live { color: var(--live); } .yanked { color: var(--yanked); } .retired { color: var(--retired); }
.state { font-weight: 600; }
details { margin: .6rem 0; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
summary { padding: .55rem .9rem; cursor: pointer; font-weight: 600; } summary span { font-weight: 400; }
.release { padding: 0 .9rem .8rem; } details:target { outline: 3px solid var(--link); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .3rem 0; }
dt { color: var(--dim); } dd { margin: 0; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } }
figure { position: relative; margin: .5rem 0; } figcaption { color: var(--dim); font-size: .875rem; }
pre { margin: .2rem 0; padding: .6rem .7rem; overflow-x: auto; background: var(--back); border: 1px solid var(--line);
  border-radius: .3rem; overflow-wrap: normal; }
.add { color: var(--add); } .gone { color: var(--gone); } .change { color: var(--change); } .told { color: var(--dim); }
.warn { color: var(--gone); font-weight: 600; }
.copy { display: none; }
.scripted .copy { display: block; position: absolute; right: .4rem; top: 1.9rem; padding: .25rem .6rem; font: inherit;
  font-size: .8rem; color: var(--link); background: var(--card); border: 1px solid var(--line);
  border-radius: .3rem; cursor: pointer; }
footer { margin-top: 3rem; color: var(--dim); font-size: .875rem; }
[hidden] { display: none !important; }
@media print { body { max-width: none; padding: 0; } .skip, #filter, .copy, .scripted .copy { display: none; }
  details { break-inside: avoid; } pre { white-space: pre-wrap; } .wide { overflow: visible; } }
"""

SCRIPT = """
document.documentElement.classList.add("scripted");
const said = document.getElementById("said");
for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", async () => {
    const code = button.parentElement.querySelector("pre");
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.textContent = button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      said.textContent = button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}
const input = document.querySelector("#filter input");
input.addEventListener("input", () => {
  const words = input.value.toLowerCase().split(/\\s+/);
  const all = document.querySelectorAll("details").length;
  let shown = 0;
  for (const part of document.querySelectorAll("[data-words]")) {
    const hidden = !words.every((word) => part.dataset.words.includes(word));
    part.hidden = hidden;
    if (part.matches("details:not([hidden])")) shown += 1;
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("details:not([hidden]), tbody tr:not([hidden])");
  }
  said.textContent = `${shown} of ${all} releases`;
});
const open = () => { const part = document.getElementById(location.hash.slice(1));
  if (part?.matches("details")) part.open = true; };
addEventListener("hashchange", open); open();
let closed = [];
addEventListener("beforeprint", () => { closed = [...document.querySelectorAll("details:not([open])")];
  for (const part of closed) part.open = true; });
addEventListener("afterprint", () => { for (const part of closed) part.open = false; });
"""
