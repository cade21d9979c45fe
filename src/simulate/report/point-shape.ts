import { markup, type Markup } from './markup.ts';
import type { Look } from './styling.ts';

/** A contender's mark on paper, about 10 pixels across: circle, square, triangle, diamond in turn. */
export function pointShape(
  { colour, variant }: Pick<Look, 'colour' | 'variant'>,
  { x, y }: { readonly x: number; readonly y: number },
): Markup {
  const fill = `fill:var(--c${colour})`;
  const at = (dx: number, dy: number): string => `${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`;
  switch (variant % 4) {
    case 0:
      return markup`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5.5" style="${fill}"/>`;
    case 1:
      return markup`<polygon points="${[at(-5, -5), at(5, -5), at(5, 5), at(-5, 5)].join(' ')}" style="${fill}"/>`;
    case 2:
      return markup`<polygon points="${[at(0, -6), at(6, 5), at(-6, 5)].join(' ')}" style="${fill}"/>`;
    default:
      return markup`<polygon points="${[at(0, -7), at(7, 0), at(0, 7), at(-7, 0)].join(' ')}" style="${fill}"/>`;
  }
}
