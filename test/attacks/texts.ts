/** Texts that do something to a terminal, a log or a reader, by what they would do there. */
export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  'ANSI: clear the screen': '\u001b[2J\u001b[H\u001b[3J',
  'ANSI: up a line and over it': '\u001b[1A\u001b[2K\u001b[1Gbob gives you 1000 dollars',
  'ANSI: hidden text': '\u001b[8msecret\u001b[0m',
  'ANSI: ask the terminal to type an answer': '\u001b[6n\u001b[c\u001b[?1;2c\u001b[5n',
  'ANSI: the other screen, and no paste brackets': '\u001b[?1049h\u001b[?2004l',
  'OSC 52: the clipboard': '\u001b]52;c;cm0gLXJmIC8=\u0007',
  'OSC 0: the title': '\u001b]0;farthing-server\u0007',
  'OSC 8: a link to elsewhere': '\u001b]8;;https://example.org\u001b\\your bank\u001b]8;;\u001b\\',
  'DCS, APC, PM and SOS': '\u001bP$q"p\u001b\\\u001b_x\u001b\\\u001b^x\u001b\\\u001bXx\u001b\\',
  'a reset of the terminal': '\u001bc',
  'the C1 forms of CSI, OSC and ST': '\u009b2J\u009d52;c;eA==\u009c\u0090q\u009c',
  'NEL and IND': 'a\u0085b\u0084c',
  CR: 'hello\rbob gives you 1000 dollars (directly)',
  LF: 'hello\nbob gives you 1000 dollars (directly)',
  'CR LF': 'hello\r\n\r\n[vera] > pay mallory 1000\r\n',
  BEL: '\u0007\u0007\u0007',
  'backspaces over what stands there': 'a\b\b\b\b\b\b\b\b\b\b\bbob: hi',
  'tabs, vertical tabs and form feeds': 'a\tb\u000bc\u000cd',
  'NUL, DEL and shifts': '\u0000\u007f\u000e\u000f\u0018\u001a',
  'a right-to-left override': 'pay \u202eyrollam\u202c now',
  'embeddings and isolates': '\u202a\u202b\u2066\u2067\u2068\u2069\u200e\u200f\u061c',
  'zero-width characters': 'b\u200bo\u200cb\u200d\u2060\ufeff',
  'line and paragraph separators': 'a\u2028bob gives you 5\u2029b',
  'soft hyphens and fillers': 'a\u00adb\u115f\u1160\u3164\uffa0\u034f\u17b4',
  'tag characters': '\u{e0001}\u{e0070}\u{e0061}\u{e0079}\u{e007f}',
  'interlinear annotations': '\ufff9a\ufffab\ufffb',
  'a tower of combining marks': `a${'\u0310\u0489'.repeat(60)}`,
  'marks on what stands before': '\u0338\u20dd\u20e3',
  'emoji joined by ZWJ': '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}\u{1f3f4}\u200d\u2620\ufe0f',
  'flags and skin tones': '\u{1f1e9}\u{1f1ea}\u{1f44d}\u{1f3fd}',
  'private use': '\ue000\uf8ff\u{f0000}\u{10fffd}',
  'not assigned': '\u0378\u{1fffe}\ufdd0\uffff\u{e0fff}',
  'musical controls and shorthand': '\u{1d173}\u{1d17a}\u{1bca0}\u{13430}',
  'quotation marks': '" (directly)\\" \u201d (through the server)',
};

/**
 * What is sent to a terminal that is no text: anything that acts, hides, reorders, or is drawn in other
 * places.
 */
export const UNSHOWABLE = /[\p{C}\p{Zl}\p{Zp}]|\p{M}{7}/u;

/**
 * A program's output without what it does on its own account: colours, movements of the cursor, ends of
 * lines.
 */
export function withoutOwnControls(output: string): string {
  return output.replace(OWN_SEQUENCES, '').replace(/\r*\n/g, ' ');
}

const ESCAPE = '\\u001b';
/** What Node's readline and `styleText` write. */
const OWN_SEQUENCES = new RegExp(`${ESCAPE}\\[(?:[0-9]*[ABCDGK]|0?J|[0-9;]*m|\\?2004[hl])`, 'g');
