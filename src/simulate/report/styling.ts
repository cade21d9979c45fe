import { ORACLE, OURS } from '../score/summary.ts';

/**
 * How one contender looks everywhere on the page. Colour alone never tells two apart: the dash pattern of lines and the
 * shape of points go on where the colours begin anew.
 */
export interface Look {
  readonly name: string;
  readonly title: string;
  /** Number of the custom property `--c…` of the style sheet. */
  readonly colour: number;
  /** Number of the dash pattern and of the shape. */
  readonly variant: number;
}

/** `--c0` is ours, `--c1` to `--c6` are the others' (Okabe and Ito's palette), `--c7` is the oracle's. */
const OURS_COLOUR = 0;
const FIRST_RIVAL_COLOUR = 1;
const RIVAL_COLOURS = 6;
const ORACLE_COLOUR = 7;

export function looksOf(contenders: readonly { readonly name: string; readonly title: string }[]): Look[] {
  let rivals = 0;
  return contenders.map(({ name, title }) => {
    if (name === OURS) return { name, title, colour: OURS_COLOUR, variant: 0 };
    if (name === ORACLE) return { name, title, colour: ORACLE_COLOUR, variant: 1 };
    const place = rivals;
    rivals += 1;
    return {
      name,
      title,
      colour: FIRST_RIVAL_COLOUR + (place % RIVAL_COLOURS),
      variant: Math.floor(place / RIVAL_COLOURS),
    };
  });
}
