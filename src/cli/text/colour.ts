import { styleText } from 'node:util';

/** What a piece of text is; how it looks is decided here alone. */
export interface Paint {
  /** A person's name. */
  name(text: string): string;
  /** Money that came. */
  gain(text: string): string;
  /** Something went wrong. */
  bad(text: string): string;
  /** Worth a look, not an error. */
  notable(text: string): string;
  /** Heading, or what to type. */
  strong(text: string): string;
  /** Less important than what is around it. */
  faint(text: string): string;
}

type Style = Parameters<typeof styleText>[0];

const STYLES = {
  name: 'cyan',
  gain: 'green',
  bad: 'red',
  notable: 'yellow',
  strong: 'bold',
  faint: 'dim',
} as const satisfies Record<keyof Paint, Style>;

/** The colours, or with `colours` false the same functions without any. */
export function paint(colours: boolean): Paint {
  const as = (style: Style) => (text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  return {
    name: as(STYLES.name),
    gain: as(STYLES.gain),
    bad: as(STYLES.bad),
    notable: as(STYLES.notable),
    strong: as(STYLES.strong),
    faint: as(STYLES.faint),
  };
}

/**
 * Whether to write colours to a stream. An option of this run beats the environment, FORCE_COLOR beats
 * NO_COLOR (as in Node itself), and otherwise only a terminal that is not `dumb` gets them.
 */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  env: NodeJS.ProcessEnv,
  noColour: boolean,
): boolean {
  if (noColour) {
    return false;
  }
  const force = env['FORCE_COLOR'];
  if (force !== undefined) {
    return force !== '0' && force !== 'false';
  }
  const no = env['NO_COLOR'];
  if (no !== undefined && no !== '') {
    return false;
  }
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
