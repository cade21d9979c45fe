/**
 * `--c0` … `--c6`: Okabe and Ito's palette without yellow, which is hardly seen on white, and black, which is the
 * oracle's `--c7`; blue is ours alone. In the dark each is lighter, for a contrast of 3 : 1 at least.
 */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#59636e;--rule:#d5dae0;--panel:#f5f7f9;--good:#00754f;--bad:#b03a00;--kept:#e9f5f0;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#cc79a7;--c4:#e69f00;--c5:#56b4e9;--c6:#7a5195;--c7:#444c55}
@media (prefers-color-scheme:dark){:root{--paper:#12161b;--ink:#e6e9ed;--soft:#9aa5b1;--rule:#323a44;--panel:#1a2027;--good:#3fc79a;--bad:#ff8a4c;--kept:#142a24;
--c0:#4aa8e0;--c1:#f07f35;--c2:#2fc49a;--c3:#df9cc0;--c4:#f0b429;--c5:#8ad0f5;--c6:#b08ad0;--c7:#aab4bf}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1160px;margin:0 auto;padding:24px 20px 64px}
section{margin-top:44px}
h1{font-size:1.9rem;line-height:1.2;margin:4px 0 18px}
h2{font-size:1.3rem;margin:0 0 10px}
h3{font-size:.95rem;margin:18px 0 2px}
p{max-width:76ch}
.kicker,.hint,small,footer,figcaption{color:var(--soft);font-size:.86rem}
.kicker{margin:0;max-width:none}
.verdict{border-left:6px solid var(--soft);background:var(--panel);padding:14px 20px;border-radius:0 8px 8px 0}
.verdict.better{border-color:var(--good)}.verdict.worse{border-color:var(--bad)}.verdict.mixed{border-color:var(--c4)}
.verdict p{font-size:1.2rem;line-height:1.45;margin:0}
.verdict ul{margin:10px 0 0;padding-left:1.1em;color:var(--soft)}
.partial{border:1px solid var(--bad);border-radius:8px;padding:8px 14px}
.scroll{overflow-x:auto;border:1px solid var(--rule);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:7px 12px;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
thead th{background:var(--panel);font-weight:600;font-size:.8rem;color:var(--soft);vertical-align:bottom}
.summary thead th{white-space:normal;min-width:5.5em}
tbody th{font-weight:500}
th:first-child{text-align:left;position:sticky;left:0;background:var(--paper);z-index:1}
thead th:first-child{background:var(--panel)}
th small{display:block;font-weight:400}
.summary tbody th{padding-left:36px}
.summary tbody .swatch{position:absolute;left:12px;top:calc(50% - 8px)}
.summary .interval{display:block}
.summary td.words{white-space:normal;min-width:11em}
.words{text-align:left}
[data-contender=autonomic]>*{background:var(--kept)!important;font-weight:600}
.met{color:var(--good)}.missed{color:var(--bad)}
.missed span{display:block;font-size:.78rem}
.matrix th,.matrix td{padding:6px 8px}
.matrix thead th{white-space:normal;min-width:4.4em}
.matrix thead .swatch{display:block;margin:0 0 2px auto}
.interval{color:var(--soft);font-size:.8rem;font-weight:400}
.swatch{width:16px;height:16px;vertical-align:-3px;margin-right:8px}
code{font-size:.8em;overflow-wrap:anywhere}
pre{overflow:auto;background:var(--panel);padding:12px;border-radius:8px;font-size:.78rem}
a{color:var(--c0)}
:focus-visible{outline:3px solid var(--c0);outline-offset:2px}
svg text{font:12px system-ui,sans-serif;fill:var(--soft)}
.frontier{width:100%;height:auto;display:block}
.frontier.narrow{display:none}
.frontier .label{fill:var(--ink);stroke:var(--paper);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.frontier .hint{font-size:12px}
.tie{stroke:var(--soft);stroke-width:1}
.frontier .kept{fill:var(--kept)}
.frontier .target{stroke:var(--good);stroke-width:1.5}
.grid{stroke:var(--rule);stroke-width:1}
.stairs{fill:none;stroke:var(--soft);stroke-width:1.5;stroke-dasharray:2 4}
.curve{fill:none;stroke-width:1.6;opacity:.75}
.curve.ours{stroke-width:2.6;opacity:1}
figure{margin:0}
.days{width:100%;max-width:640px;height:auto;display:block}
figcaption span{margin-right:14px;color:var(--ink)}
figcaption i{display:inline-block;width:18px;height:3px;margin-right:6px;vertical-align:4px}
.controls{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:center}
select,button{font:inherit;font-size:.9rem;color:inherit;background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:5px 9px;max-width:100%}
button{cursor:pointer;min-width:40px}
.controls label{max-width:100%}
.buttons{display:flex;gap:4px}
.chips{border:0;margin:12px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:6px}
.chips legend{padding:0;font-size:.86rem;color:var(--soft)}
.chips label{display:flex;align-items:center;border:1px solid var(--rule);border-radius:99px;padding:3px 12px 3px 8px;font-size:.86rem;cursor:pointer}
.chips input{margin:0 6px 0 0;accent-color:var(--c0)}
.chips .swatch{margin-right:5px}
#plots{margin-top:10px;border-radius:8px}
.reading{min-height:3em;font-size:.88rem;color:var(--soft);margin:8px 0 0;max-width:none;font-variant-numeric:tabular-nums}
.reading b{color:var(--ink)}
.plot{width:100%;overflow:hidden}
#reason{position:absolute;z-index:5;max-width:min(380px,calc(100vw - 24px));background:var(--ink);color:var(--paper);padding:8px 12px;border-radius:8px;font-size:.84rem;line-height:1.4;pointer-events:none}
#reason b{display:block}
details{margin-top:14px}
summary{cursor:pointer}
#decisions .scroll{max-height:320px;overflow:auto;margin-top:8px}
#decisions td:last-child{white-space:normal;text-align:left;min-width:260px}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:14px 28px;margin:0}
dt{font-weight:600}
dd{margin:0;color:var(--soft);font-size:.92rem}
footer{margin-top:48px;border-top:1px solid var(--rule);padding-top:12px}
@media (max-width:640px){main{padding:16px 12px 48px}h1{font-size:1.5rem}.verdict p{font-size:1.05rem}.days text{font-size:19px}.frontier.wide{display:none}.frontier.narrow{display:block}th,td{padding:6px 9px}
th:first-child{max-width:42vw;white-space:normal}}
@media print{#explorer .controls,.chips,#decisions{display:none}}
`;
