"""The look of the HTML report. Colours have a contrast of 4.5 and more with what is behind them, light and dark."""

STYLE = """
:root { color-scheme: light dark; --back: #fff; --card: #f6f7f9; --text: #1b1f24; --dim: #57606a; --line: #d0d7de;
  --link: #0550ae; --error: #b3131f; --warning: #835400; --note: #0b5cad; --waived: #57606a; --fine: #116329; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --card: #161b22; --text: #e6edf3; --dim: #9da7b3;
  --line: #30363d; --link: #79c0ff; --error: #ff8a84; --warning: #e3b341; --note: #79c0ff; --waived: #9da7b3;
  --fine: #7ee787; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; } h1 span { font-weight: 400; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
p { margin: .3rem 0; } a { color: var(--link); } code, pre { font: .875rem/1.45 ui-monospace, monospace; }
h2, .message, code, time { unicode-bidi: isolate; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
fieldset { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 1rem 0 0; padding: .4rem .8rem .6rem;
  border: 1px solid var(--line); border-radius: .4rem; }
legend { color: var(--dim); font-size: .875rem; } label { padding: .3rem 0; font-weight: 600; cursor: pointer; }
input { width: 1.1rem; height: 1.1rem; vertical-align: -.15rem; }
ol, .related { list-style: none; margin: 0; padding: 0; }
.finding { margin: .7rem 0; padding: .7rem .9rem; background: var(--card); border: 1px solid var(--line);
  border-left: .3rem solid var(--kind); border-radius: .4rem; content-visibility: auto;
  contain-intrinsic-size: auto 10rem; }
.error { --kind: var(--error); } .warning { --kind: var(--warning); } .note { --kind: var(--note); }
.waived { --kind: var(--waived); } label { color: var(--kind); }
.badge { color: var(--kind); font-weight: 700; } .message { font-size: 1.05rem; }
.where, .related { color: var(--dim); font-size: .9rem; } .self { margin: 0 .4rem; }
.finding:target { outline: 3px solid var(--link); }
pre { margin: .5rem 0; padding: .5rem .7rem; overflow-x: auto; background: var(--back); border: 1px solid var(--line);
  border-radius: .3rem; overflow-wrap: normal; }
.fix, .fine { color: var(--fine); } .waived .fix { color: var(--dim); }
.fix code { font-weight: 600; padding: .1rem .35rem; border: 1px solid currentColor; border-radius: .25rem;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
footer { margin-top: 3rem; color: var(--dim); font-size: .875rem; }
body:has(#show-error:not(:checked)) :is(.finding.error, .only-error),
body:has(#show-warning:not(:checked)) :is(.finding.warning, .only-warning),
body:has(#show-note:not(:checked)) :is(.finding.note, .only-note),
body:has(#show-waived:not(:checked)) :is(.finding.waived, .only-waived) { display: none; }
@media print { body { max-width: none; padding: 0; } fieldset, .skip, .self { display: none; }
  .finding { break-inside: avoid; content-visibility: visible; } pre { white-space: pre-wrap; } }
"""
