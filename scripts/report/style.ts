/** The page's looks. Colours have a contrast of at least 4.5 to their ground in both schemes (WCAG 2.2, 1.4.3); a test measures it. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f8fa; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0;
  --red: #b3261e; --red-ground: #fff0ee; --green: #116329; --green-ground: #e6f6ea; --blue: #0a4fb0; --blue-ground: #e8f1ff;
  --orange: #8a3c00; --orange-ground: #fff1e5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --raised: #161b22; --text: #e6edf3; --quiet: #9da7b3; --line: #3d444d;
    --red: #ff8f87; --red-ground: #3a1513; --green: #6fdd8b; --green-ground: #12301c; --blue: #86bbff; --blue-ground: #10264a;
    --orange: #ffb27a; --orange-ground: #3a2208;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
header { border-inline-start: .5rem solid var(--green); padding: .25rem 1rem; }
header.bad { border-color: var(--red); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .25rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .5rem 0; }
.alert { background: var(--red-ground); border: 2px solid var(--red); border-radius: .5rem; padding: 0 1rem; margin: 1rem 0; }
.alert h2 { color: var(--red); border: 0; margin: .75rem 0 .25rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: 0 .75rem; }
summary { cursor: pointer; font-weight: 600; padding: .5rem 0; }
.change { border-top: 1px solid var(--line); padding: .25rem 0; }
.quiet { color: var(--quiet); font-weight: 400; }
.kind, .level { border-radius: 1rem; padding: .1rem .6rem; font-size: .85rem; font-weight: 600; white-space: nowrap;
  background: var(--raised); color: var(--text); }
.kind.delete, .level.mandatory { background: var(--red-ground); color: var(--red); }
.kind.replace, .level.waits { background: var(--orange-ground); color: var(--orange); }
.kind.create, .kind.import { background: var(--green-ground); color: var(--green); }
.kind.update, .level.advisory { background: var(--blue-ground); color: var(--blue); }
strong.replace { color: var(--orange); }
.over { color: var(--red); font-weight: 600; }
em { color: var(--red); }
.said { white-space: pre-wrap; }
code { font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.wide { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: start; vertical-align: top; overflow-wrap: break-word; }
td { max-width: 40rem; min-width: 4.5rem; }
th { background: var(--raised); }
.picture svg { display: block; height: auto; max-width: 100%; min-width: var(--least); }
`;
