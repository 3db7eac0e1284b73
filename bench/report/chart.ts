import { times } from './figures.ts';
import type { Result } from './result.ts';

/** Sizes in user units: a row of text and bar, its bar, and the columns from left to right. */
const ROW = 20;
const BAR = 12;
const WIDTH = 880;
const MARGIN = 20;
const BARS_FROM = 190;
const BARS_TO = 700;
const RATE_AT = 775;
const CPU_AT = 860;
/** Around a case, and above the first one, where the legend and the scale are. */
const GAP = 14;
const HEAD = 84;
/** Distance between two marks on the scale at least. */
const TICK_APART = 34;
/** Letters that fit beside one another: a contender's name, a case's title. */
const NAME_LETTERS = 24;
const TITLE_LETTERS = 105;
/** The scale reaches at least so far to both sides of 1. */
const NARROWEST = 2;

/** Both of its looks have a background of their own, so that the page's does not matter. */
const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
  .case { font-weight: 600; } .title, .tick { fill: #59636e; } .number { text-anchor: end; } .tick { text-anchor: middle; }
  .page { fill: #ffffff; stroke: #d1d9e0; } .grid { stroke: #d1d9e0; } .one { stroke: #59636e; }
  .other { fill: #9aa4af; } .farthing { fill: #0a6ed1; } .noble { fill: #7ab4ec; } .cpu { fill: #d1570a; stroke: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .title, .tick { fill: #9aa4af; } .page { fill: #0d1117; stroke: #3d444d; }
    .grid { stroke: #30363d; } .one { stroke: #9aa4af; } .other { fill: #6b7580; } .farthing { fill: #3b94f0; }
    .noble { fill: #2a5d94; } .cpu { fill: #f09a4f; stroke: #0d1117; }
  }
`;

/** Where a ratio lies. */
type Scale = (ratio: number) => number;

/**
 * An SVG picture of the ratios of each case, on a logarithmic scale: a bar for the rate from 1, where the
 * reference is, and a dot for the server's CPU time. Results without a ratio have no row.
 */
export function chart(results: readonly Result[]): string {
  const rows = results.filter(({ ratio }) => ratio !== null);
  const byCase = [...Map.groupBy(rows, (result) => result.case).values()];
  const scale = scaleOf(rows);
  const parts: string[] = [];
  let y = HEAD;
  for (const group of byCase) {
    parts.push(caseTitle(group, y));
    y += ROW;
    for (const result of group) {
      parts.push(row(result, y, scale));
      y += ROW;
    }
    y += GAP;
  }
  const height = y + MARGIN - GAP;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>How many times better than the reference</title>
<style>${STYLE}</style>
<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
${legend()}
${grid(rows, scale, height - MARGIN)}
${parts.join('\n')}
</svg>
`;
}

/** The ends of the scale: powers are equally far from one another, and everything is between the ends. */
function bounds(rows: readonly Result[]): [low: number, high: number] {
  const all = rows.flatMap(({ ratio, cpuRatio }) => [ratio ?? 1, cpuRatio ?? 1]);
  return [Math.min(1 / NARROWEST, ...all), Math.max(NARROWEST, ...all)];
}

function scaleOf(rows: readonly Result[]): Scale {
  const [low, high] = bounds(rows);
  const unit = (BARS_TO - BARS_FROM) / Math.log(high / low);
  return (ratio) => rounded(BARS_FROM + unit * Math.log(ratio / low));
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}

function legend(): string {
  const y = 26;
  return `<rect class="farthing" x="${MARGIN}" y="${y - 10}" width="24" height="${BAR}"/><text x="50" y="${y}">Farthing</text>
<rect class="noble" x="120" y="${y - 10}" width="24" height="${BAR}"/><text x="150" y="${y}">Farthing, plain JavaScript</text>
<rect class="other" x="325" y="${y - 10}" width="24" height="${BAR}"/><text x="355" y="${y}">others</text>
<circle class="cpu" cx="420" cy="${y - 4}" r="4.5"/><text x="432" y="${y}">server CPU</text>
<text class="title" x="${MARGIN}" y="${y + 20}">Bars: times better than the reference, which is at 1; to the right is better</text>
<text class="number" x="${RATE_AT}" y="${y + 20}">by rate</text><text class="number" x="${CPU_AT}" y="${y + 20}">by CPU</text>`;
}

function grid(rows: readonly Result[], scale: Scale, bottom: number): string {
  const [low, high] = bounds(rows);
  const lines: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const tick of ticks(low, high)) {
    const x = scale(tick);
    const crowds = x - last < TICK_APART || (tick < 1 && scale(1) - x < TICK_APART);
    if (crowds && tick !== 1) {
      continue;
    }
    last = x;
    lines.push(
      `<line class="${tick === 1 ? 'one' : 'grid'}" x1="${x}" x2="${x}" y1="${HEAD - 12}" y2="${bottom}"/><text class="tick" x="${x}" y="${HEAD - 17}">${tick}×</text>`,
    );
  }
  return lines.join('\n');
}

/** 1, 2 and 5 times the powers of ten, between the ends. */
function ticks(low: number, high: number): number[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    for (const step of [1, 2, 5]) {
      found.push(Number(`${step}e${power}`));
    }
  }
  return found.filter((tick) => tick >= low && tick <= high);
}

function caseTitle([first]: readonly Result[], y: number): string {
  if (first === undefined) {
    return '';
  }
  const title = shortened(first.title, TITLE_LETTERS - first.case.length);
  return `<rect class="page" style="stroke: none" x="${MARGIN - 4}" y="${y}" width="${WIDTH - 2 * MARGIN}" height="${ROW - 2}"/><text x="${MARGIN}" y="${y + 14}"><tspan class="case">${escaped(first.case)}</tspan><tspan class="title" dx="10">${escaped(title)}</tspan></text>`;
}

function row({ contender, reference, ratio, cpuRatio }: Result, y: number, scale: Scale): string {
  const ends = [scale(1), scale(ratio ?? 1)];
  const from = Math.min(...ends);
  const width = rounded(Math.max(...ends) - from);
  const name = shortened(contender, NAME_LETTERS) + (contender === reference ? ' *' : '');
  const dot =
    cpuRatio === null ? '' : `<circle class="cpu" cx="${scale(cpuRatio)}" cy="${y + ROW / 2}" r="4.5"/>`;
  return `<text x="${MARGIN + 8}" y="${y + 14}">${escaped(name)}</text><rect class="${look(contender)}" x="${from}" y="${y + (ROW - BAR) / 2}" width="${width}" height="${BAR}"/>${dot}<text class="number" x="${RATE_AT}" y="${y + 14}">${times(ratio)}</text><text class="number" x="${CPU_AT}" y="${y + 14}">${times(cpuRatio)}</text>`;
}

function look(contender: string): 'farthing' | 'noble' | 'other' {
  if (contender === 'farthing-noble') {
    return 'noble';
  }
  return contender.startsWith('farthing') ? 'farthing' : 'other';
}

function shortened(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** As XML text; control characters have no place in XML. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? '').replace(/\p{Cc}/gu, ' ');
}
