import { FONT } from './house-style.js';

/** The style sheet of all pages: one column, readable on a phone, printable, no outside resource. */
export const STYLES = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 54rem; background: #fff; color: #1a1a1a;
  font: 17px/1.55 ${FONT.replaceAll('"', "'")}; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .5rem; border-top: 1px solid #ddd; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p, ul { margin: .5rem 0; }
a { color: #0072b2; }
.question { font-size: 1.2rem; }
.sketch { padding: .5rem .75rem; border-left: 4px solid #e69f00; background: #fdf6e7; }
.finding { padding: .75rem 1rem; border-left: 4px solid #0072b2; background: #eff6fb; }
.reveal { padding: .6rem .8rem; border: 1px solid #0072b2; border-radius: .4rem; display: inline-block;
  color: #0072b2; font-weight: 600; }
.reveal label, .reveal input { cursor: pointer; }
.reveal label { padding-left: .5rem; }
main:not(:has(#reveal:checked)) .result { display: none; }
figure { margin: 1.5rem 0 2.5rem; }
figcaption { color: #444; font-size: .95rem; margin-top: .4rem; }
.facts td { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll > svg { display: block; width: 100%; min-width: 36rem; height: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #e3e3e3; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #999; vertical-align: bottom; }
.filter { border: 0; margin: 0; padding: .2rem 0; font-size: .9rem; }
.filter legend { float: left; min-width: 7.5rem; padding: .15rem 0; font-weight: 600; }
.filter input { position: absolute; opacity: 0; }
.filter label { display: inline-block; margin: .1rem .2rem .1rem 0; padding: .1rem .55rem; border: 1px solid #999;
  border-radius: 1rem; cursor: pointer; }
.filter input:checked + label { background: #0072b2; border-color: #0072b2; color: #fff; }
.filter input:focus-visible + label { outline: 3px solid #e69f00; }
.lesson { margin-top: 3rem; padding: .1rem 1.2rem 1rem; border-left: 4px solid #0072b2; }
.lesson h2 { border-top: 0; margin: .5rem 0; font-size: 1.45rem; }
.lesson section { border-top: 1px solid #ddd; margin-top: 1.2rem; }
.questions { background: #eff6fb; padding: .5rem 1rem; }
.questions li { margin: .3rem 0; }
.number { text-align: right; white-space: nowrap; }
th.number { white-space: normal; vertical-align: bottom; }
.nowrap, td.short { white-space: nowrap; }
.pass, .fail { font-weight: 700; white-space: nowrap; }
.pass { color: #00664b; }
.fail { color: #b23a00; }
code, pre { font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: #f4f4f4; }
pre { padding: .75rem; overflow-x: auto; }
code { padding: .1rem .25rem; }
pre > code { padding: 0; }
@media print {
  body { font-size: 11pt; max-width: none; padding: 0; }
  .reveal, .filter { display: none; }
  main:not(:has(#reveal:checked)) .result { display: block; }
  .result { break-before: page; }
  figure, tr, .finding { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  td.short { white-space: normal; }
  .scroll > svg { min-width: 0; }
}
`;
